import { expect, it } from "vitest";
import { diagnostic } from "../../src/diagnostic/diagnostic.ts";
import { diagnosticsJson } from "../../src/view/diagnostics-json.ts";

const file = { path: "tenants/orgs/acme.yaml", text: "org: acme\nname: Acme\norg: acme\n" };

it("says the same as data", () => {
  const duplicate = diagnostic("duplicate-key", { file, start: 21, end: 24 }, "Twice.", [
    { message: "first declared", at: { file, start: 0, end: 3 } },
  ]);
  expect(diagnosticsJson([duplicate])).toEqual({
    format: "tenantry/diagnostics/v1",
    diagnostics: [
      {
        file: "tenants/orgs/acme.yaml",
        line: 3,
        column: 1,
        endLine: 3,
        endColumn: 4,
        code: "duplicate-key",
        summary: "The same key twice",
        detail: "Twice.",
        notes: [
          {
            file: "tenants/orgs/acme.yaml",
            line: 1,
            column: 1,
            endLine: 1,
            endColumn: 4,
            message: "first declared",
          },
        ],
      },
    ],
  });
});

it("has nulls where there is no place", () => {
  const missing = diagnostic("no-manifests", null, "There is no directory tenants.");
  expect(diagnosticsJson([missing]).diagnostics).toMatchObject([{ file: null, line: null, column: null }]);
});
