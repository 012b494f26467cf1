import { expect, test } from "vitest";
import { compileCatalog } from "../../../src/decision/compile-catalog.ts";
import { compileOrg } from "../../../src/decision/compile-org.ts";
import { nextFlip } from "../../../src/server/ofrep/next-flip.ts";
import { acmeId, catalogResources, declare, orgRow } from "../../decision/acme-cloud.ts";

const at = (day: string) => Date.parse(day);

function flipsAfter(day: string, ...resources: Parameters<typeof compileOrg>[1]["resources"]): string | null {
  const flag = declare("flag", {
    name: "night",
    type: "boolean",
    default: false,
    rules: [
      {
        if: {
          any: [
            { not: { attribute: "request.time", op: "before", value: "2027-05-01" } },
            { attribute: "request.time", op: "after", value: "2027-06-01T12:00Z" },
          ],
        },
        serve: true,
        split: null,
        rollout: null,
        by: "org",
      },
    ],
  });
  const org = compileOrg(compileCatalog([...catalogResources, flag]), {
    id: acmeId,
    slug: "acme",
    resources: [orgRow({}), ...resources],
    memberIds: new Map(),
  });
  const next = nextFlip(org, at(day));
  return next === Number.POSITIVE_INFINITY ? null : new Date(next).toISOString();
}

test("times that rules ask about are passed one after the other, and then none is left", () => {
  expect(flipsAfter("2027-04-01")).toBe("2027-05-01T00:00:00.000Z");
  expect(flipsAfter("2027-05-01")).toBe("2027-06-01T12:00:00.000Z");
  expect(flipsAfter("2027-07-01")).toBeNull();
});

test("an override begins and ends, wherever it is set", () => {
  const override = declare("flag_override", {
    flag: "new_dashboard",
    workspace: null,
    environment: null,
    value: true,
    starts: "2027-01-01",
    until: "2027-02-01",
  });
  expect(flipsAfter("2026-12-01", override)).toBe("2027-01-01T00:00:00.000Z");
  expect(flipsAfter("2027-01-01", override)).toBe("2027-02-01T00:00:00.000Z");
});

test("a trial ends, because rules ask for the plan and what it gives", () => {
  const trial = declare("subscription", {
    product: "platform",
    plan: "team@2",
    status: "trial",
    cycle: "monthly",
    trial_ends: "2026-12-24",
  });
  expect(flipsAfter("2026-12-01", trial)).toBe("2026-12-24T00:00:00.000Z");
});
