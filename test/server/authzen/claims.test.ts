import { expect, test } from "vitest";
import { compileCatalog } from "../../../src/decision/compile-catalog.ts";
import { compileOrg } from "../../../src/decision/compile-org.ts";
import { decideEvaluation } from "../../../src/server/authzen/evaluation.ts";
import { allow, declare, when } from "../../decision/acme-cloud.ts";

/** Attributes of subjects and actions, as rows may declare them. */
const catalog = compileCatalog([
  declare("attribute", { subject: "subject", name: "device", type: "text" }),
  declare("attribute", { subject: "action", name: "format", type: "text" }),
  ...["read", "export"].map((action) =>
    declare("permission", { resource_type: "report", action, scope: "org" }),
  ),
  declare("catalog_role", {
    name: "reader",
    grants: [
      allow("report:read", when("subject.device", "in", ["managed"])),
      allow("report:export", when("action.format", "in", ["csv"])),
    ],
  }),
]);

const org = compileOrg(catalog, {
  id: null,
  slug: "hooli",
  resources: [
    declare("org", { slug: "hooli", status: "active" }),
    declare("member", { key: "gus@hooli.example", email: "gus@hooli.example" }),
    declare("binding", { member: "gus@hooli.example", catalog_role: "reader" }),
  ],
});

const asking = { at: { org, workspace: null, environment: null, isBare: false }, now: 0 };

function decide(action: { name: string; properties?: Record<string, string> }, properties = {}) {
  const subject = { type: "user", id: "gus@hooli.example", properties };
  const resource = { type: "report", id: "r1" };
  return decideEvaluation({ subject, action, resource }, asking).reason;
}

test("conditions ask about the properties of subject and action", () => {
  expect(decide({ name: "read" }, { device: "managed" })).toBe("granted");
  expect(decide({ name: "read" }, { device: "own" })).toBe("not-granted");
  expect(decide({ name: "read" })).toBe("undetermined");
  expect(decide({ name: "export", properties: { format: "csv" } })).toBe("granted");
  expect(decide({ name: "export", properties: { format: "pdf" } })).toBe("not-granted");
  expect(decide({ name: "export" }, { format: "csv" })).toBe("undetermined");
});
