import { expect, it } from "vitest";
import { diagnostic } from "../../src/diagnostic/diagnostic.ts";
import { diagnosticsText } from "../../src/view/diagnostics-text.ts";

const catalog = { path: "tenants/catalog.yaml", text: "roles:\n  admin: {}\n" };
const org = {
  path: "tenants/orgs/acme.yaml",
  text: `${"\n".repeat(25)}  bo@acme.example: [amdin, auditor]\n`,
};
const start = org.text.indexOf("amdin");
const unknownRole = diagnostic(
  "unknown-role",
  { file: org, start, end: start + 5 },
  '"amdin" is not declared for acme. Did you mean "admin"?',
  [{ message: '"admin" is declared', at: { file: catalog, start: 9, end: 14 } }],
);

it("prints a problem with its place, its line, the fix and what belongs to it", () => {
  expect(diagnosticsText([unknownRole], { colour: false })).toBe(`error[unknown-role] Unknown role
  tenants/orgs/acme.yaml:26:21
   26 │   bo@acme.example: [amdin, auditor]
      │                     ^^^^^
  "amdin" is not declared for acme. Did you mean "admin"?
  note: "admin" is declared at tenants/catalog.yaml:2:3

1 problem in 1 file
`);
});

it("prints what has no place or no text without a frame", () => {
  const missing = diagnostic("no-manifests", null, "There is no directory tenants.");
  const closed = diagnostic(
    "unreadable-file",
    { file: { path: "a.yaml", text: "" }, start: 0, end: 0 },
    "Denied.",
  );
  expect(diagnosticsText([closed, missing], { colour: false })).toBe(`error[no-manifests] No manifests found
  There is no directory tenants.

error[unreadable-file] The file cannot be read
  a.yaml
  Denied.

2 problems in 1 file
`);
});

it("says nothing where there is nothing", () => {
  expect(diagnosticsText([], { colour: true })).toBe("");
});

it("colours on request, and only then", () => {
  const esc = "\u001b[";
  expect(diagnosticsText([unknownRole], { colour: true })).toContain(`${esc}31m^^^^^${esc}39m`);
  expect(diagnosticsText([unknownRole], { colour: false })).not.toContain(esc);
});

it("lets no path, detail or note steer the terminal", () => {
  const file = { path: "\u001b[2J.yaml", text: "\u001b[2J\n" };
  const at = { file, start: 0, end: 1 };
  const hostile = diagnostic("not-yaml", at, '"\u001b[2J"\r\u009b2J', [{ message: "\u001b[2J", at }]);
  expect(diagnosticsText([hostile], { colour: false })).not.toMatch(/[\0-\x09\x0b-\x1f\x7f-\x9f]/);
});
