import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { diagnostic } from "../../src/diagnostic/diagnostic.ts";
import { hideSecrets } from "../../src/manifest/hide-secrets.ts";
import { readManifests } from "../../src/manifest/read-manifests.ts";
import { secretSpans } from "../../src/manifest/secret-spans.ts";
import { diagnosticsJson } from "../../src/view/diagnostics-json.ts";
import { diagnosticsText } from "../../src/view/diagnostics-text.ts";

const secret = "hunter2-Zq9";

function hiddenIn(text: string): string[] {
  return secretSpans(text).map(({ start, end }) => text.slice(start, end));
}

describe("secretSpans", () => {
  it.each([
    ["client_secret: hunter2", ["hunter2"]],
    ["client_secrt: hunter2", ["hunter2"]],
    ["clientSecret: hunter2", ["hunter2"]],
    ["a: { secret: 'hunter2', b: c }", ["'hunter2'"]],
    ["a: { db_password: hunter2 }", ["hunter2"]],
    ["secret: |\n  one\n  two\nname: x", ["  one\n  two\n"]],
    ["secret: >-\n  one\nname: x", ["  one\n"]],
    ['secret: "one\n  two"\nname: x', ['"one\n  two"']],
    ["secret: [one, two]", ["one", "two"]],
    ["secret: { one: two }", ["one", "two"]],
    ["secret: #one", ["#one"]],
    ["secret: !one &two three", ["!one", "&two", "three"]],
    ["secret: *one", ["*one"]],
    ["a: {secret:one}", ["one"]],
    ["credentials: { deploy: one, test: secret://env/TEST }", ["one"]],
    ["credentials: one", ["one"]],
    ["metadata: { api_key: one }", ["one"]],
  ])("%j", (text, expected) => {
    expect(hiddenIn(`${text}\n`)).toEqual(expected);
  });

  it.each([
    "client_secret: secret://env/NAME",
    'client_secret: "secret://file/run/secrets/x"',
    "permissions: { secret: [read, rotate] }",
    "features: { token: quota }",
    "members: { ana@acme.example: { workspaces: { secret: editor } } }",
    "api_keys: { ci: { description: for the token, scopes: [org:read] } }",
    "name: Acme",
  ])("leaves alone %j", (text) => {
    expect(hiddenIn(`${text}\n`)).toEqual([]);
  });
});

describe("hideSecrets", () => {
  const text = `sso: { okta: { client_secret: ${secret}, protocol: oidc } }\nname: Acme\n`;
  const file = { path: "tenants/orgs/acme.yaml", text };
  const at = { file, start: text.indexOf("oidc"), end: text.indexOf("oidc") + 4 };

  it("hides them in details, in notes and beside the place, and keeps every place", () => {
    const [shown] = hideSecrets([
      diagnostic("not-yaml", at, `"${secret}" is wrong`, [{ message: secret, at }]),
    ]);
    expect(shown?.detail).toBe('"•••" is wrong');
    expect(shown?.notes[0]?.message).toBe("•••");
    expect(shown?.at).toMatchObject({ start: at.start, end: at.end });
    expect(shown?.at?.file.text).toHaveLength(text.length);
    expect(shown?.at?.file.text).not.toContain(secret);
    expect(shown?.at?.file.text).toContain("name: Acme");
  });

  it("hides what a message cuts", () => {
    const long = "x7".repeat(100);
    const other = { path: "a.yaml", text: `secret: ${long}\n` };
    const place = { file: other, start: 0, end: 6 };
    const [shown] = hideSecrets([diagnostic("not-yaml", place, `"${long.slice(0, 59)}…" is wrong`)]);
    expect(shown?.detail).toBe('"•••…" is wrong');
  });

  it("hides no more the second time", () => {
    const once = hideSecrets([diagnostic("not-yaml", at, "Wrong.")]);
    expect(hideSecrets(once)).toEqual(once);
  });
});

describe("whatever else is wrong with a file", () => {
  const catalog = { path: "tenants/catalog.yaml", text: "apiVersion: tenantry/v1\ncatalog: shop\n" };
  const forms = [
    `  okta: { protocol: oidc, client_secret: ${secret}, issuer: https://id.example }`,
    `  okta: { protocol: oidc, client_secrt: "${secret}", issuer: id.example }`,
    `  okta:\n    client_secret: ${secret}\n    protocol: oidc`,
    `  okta:\n    client_secret: >\n      ${secret}\n      more\n    protocol: oauth`,
    `  okta:\n    client_secret: "${secret}\n      more"\n    protocol: oauth`,
    `  okta: { client_secret: *${secret} }`,
    `  okta: {client_secret:${secret}}`,
    `  okta: { client_secret: { ${secret} } }`,
    `  okta: { client_secret: [${secret}, { ${secret}: 1 }] }`,
    `  okta: { client_secret: "a" ${secret} }`,
    `  okta: { client_secret: #${secret}`,
  ];
  const pieces = [
    " ",
    "\n",
    "\t",
    "x",
    '"',
    "'",
    "{",
    "}",
    "[",
    "]",
    ": ",
    ",",
    "- ",
    "*",
    "&a ",
    "!t ",
    "# ",
    "~",
    "é",
  ];
  const edit = fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    piece: fc.constantFrom(...pieces),
  });

  it("no output holds the secret", () => {
    fc.assert(
      fc.property(fc.constantFrom(...forms), fc.array(edit, { maxLength: 3 }), (form, edits) => {
        const whole = `apiVersion: tenantry/v1\norg: acme\nmembers: { ana@acme.example: owner }\nsso:\n${form}\nstatus: actve\n`;
        const text = edits.reduce(edited, whole);
        const { diagnostics } = readManifests([catalog, { path: "tenants/orgs/acme.yaml", text }]);
        expect(diagnosticsText(diagnostics, { colour: false })).not.toContain(secret);
        expect(JSON.stringify(diagnosticsJson(diagnostics))).not.toContain(secret);
      }),
      { numRuns: 1_000 },
    );
  }, 60_000);

  /** Puts something anywhere but into the field's name and its secret. */
  function edited(text: string, { at, piece }: { at: number; piece: string }): string {
    const offset = Math.floor(at * text.length);
    const isWithin = [...text.matchAll(/client_secre?t|hunter2-Zq9/g)].some(
      ({ index, 0: { length } }) => offset > index && offset < index + length,
    );
    return isWithin ? text : text.slice(0, offset) + piece + text.slice(offset);
  }
});
