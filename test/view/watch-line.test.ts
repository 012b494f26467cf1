import { expect, test } from "vitest";
import { diagnostic } from "../../src/diagnostic/diagnostic.ts";
import type { Change, Finding, Plan } from "../../src/plan/plan.ts";
import { type Cycle, type Outcome, watchJson, watchLine } from "../../src/view/watch-line.ts";

const at = new Date("2026-11-23T09:02:11.417Z");
const writer = { at: "2026-11-20T14:02:00Z", user: "postgres", application: "psql", actor: null };

const cycle = (outcome: Outcome, cause: Cycle["cause"] = "tenants"): Cycle => ({
  kind: "cycle",
  at,
  cause,
  outcome,
  milliseconds: 412,
});

function planOf(
  scopes: Readonly<Record<string, readonly object[]>>,
  findings: readonly Finding[] = [],
): Plan {
  return {
    base: { epoch: "", revision: 17, counters: new Map() },
    scopes: Object.entries(scopes).map(([org, changes]) => ({
      org: org === "catalog" ? null : org,
      orgId: org,
      changes: changes as readonly Change[],
      ids: new Map(),
    })),
    findings,
  } as unknown as Plan;
}

const created = { action: "create", drift: null };
const drifted = { action: "update", fields: [{ field: "roles", drift: { applied: "owner", by: writer } }] };

const finding: Finding = {
  code: "protected",
  subject: "acme/org/acme",
  message: "acme is protected.",
  help: "",
  canPass: false,
  at: null,
};

test.each<readonly [string, Cycle]>([
  [
    "09:02:11  tenants   2 changes in acme  applied, revision 18  0.4 s\n",
    cycle({ kind: "applied", plan: planOf({ acme: [created, created] }), revision: 18 }),
  ],
  [
    "09:02:11  interval  1 change in acme, 1 drift  not applied, revision 17  0.4 s\n",
    cycle({ kind: "planned", plan: planOf({ acme: [drifted] }) }, "interval"),
  ],
  [
    "09:02:11  tenants   4 changes in catalog, acme and 1 more, 1 of them drift  not applied, revision 17  0.4 s\n",
    cycle({
      kind: "planned",
      plan: planOf({ catalog: [created], acme: [drifted, created], globex: [created] }),
    }),
  ],
  [
    "09:02:11  start     no changes  revision 17  0.4 s\n",
    cycle({ kind: "planned", plan: planOf({}) }, "start"),
  ],
  [
    "09:02:11  tenants   1 change in acme  stopped by protected acme/org/acme: acme is protected., and 1 more  0.4 s\n",
    cycle({ kind: "planned", plan: planOf({ acme: [created] }, [finding, finding]) }),
  ],
  [
    "09:02:11  tenants   error[bad-email] tenants/orgs/acme.yaml:1:6 Not an address. Write one.  2 problems, nothing planned  0.4 s\n",
    cycle({
      kind: "invalid",
      diagnostics: [5, 9].map((start) =>
        diagnostic(
          "bad-email",
          { file: { path: "tenants/orgs/acme.yaml", text: "mail: nobody\n" }, start, end: 12 },
          "Not an address.\n Write one.",
        ),
      ),
    }),
  ],
  [
    "09:02:11  retry     error[database-unreachable]: No database␛ answers. At all.  tries again in 4 s  0.4 s\n",
    cycle(
      {
        kind: "failed",
        code: "database-unreachable",
        message: "No database\u001b answers.\nAt all.",
        retryIn: 4,
      },
      "retry",
    ),
  ],
])("%s", (line, told) => {
  expect(watchLine(told)).toBe(line);
});

test("as data, a cycle says the same", () => {
  const stopped = cycle({ kind: "planned", plan: planOf({ acme: [created, drifted] }, [finding]) });
  expect(watchJson(stopped)).toEqual({
    format: "tenantry/watch/v1",
    at: "2026-11-23T09:02:11.417Z",
    cause: "tenants",
    outcome: "planned",
    changes: 2,
    drift: 1,
    scopes: ["acme"],
    findings: [{ code: "protected", subject: "acme/org/acme", message: "acme is protected.", help: "" }],
    revision: 17,
    seconds: 0.412,
  });
});
