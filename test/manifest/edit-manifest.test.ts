import { describe, expect, it } from "vitest";
import { editManifest } from "../../src/manifest/edit-manifest.ts";
import { readYaml } from "../../src/manifest/read-yaml.ts";
import { textScalar, type Wanted, type WantedMap } from "../../src/manifest/wanted.ts";

const scalar = (text: string): Wanted => ({ kind: "scalar", text });
const list = (...items: string[]): Wanted => ({ kind: "list", items: items.map(textScalar) });
function map(entries: { readonly [name: string]: Wanted }, short: Wanted | null = null): WantedMap {
  const all = Object.entries(entries).map(([name, value]) => [name, { value, isUsual: false }] as const);
  return { kind: "map", entries: new Map(all), short };
}

const text = `# the head
apiVersion: tenantry/v1
org: acme   # the slug
members: # who
  # the owner
  ana@acme.example: owner # since 2024
  Bo@acme.example: [admin, auditor]
  cy@acme.example:
    roles:
      - editor # held by hand
      - member
    status: active

  di@acme.example: { id: user_2, roles: member }
flags: {}
teams:
  release: { members: [ana@acme.example] }
trace:
  mode: all
banner: { message: "Sunday: read-only" } # told to all
last: "x"`;

/** The lines that differ, as a diff has them. */
function edited(path: readonly string[], wanted: Wanted | null): string[] | null {
  const after = editManifest(text, path, wanted);
  if (after === null) return null;
  expect(readYaml(after).errors).toEqual([]);
  const [was, is] = [text.split("\n"), after.split("\n")];
  return [
    ...was.filter((line) => !is.includes(line)).map((line) => `-${line}`),
    ...is.filter((line) => !was.includes(line)).map((line) => `+${line}`),
  ];
}

describe("editing a manifest", () => {
  it.each<[string, string[], Wanted | null, string[]]>([
    ["nothing where it says so already", ["members", "bo@acme.example"], list("admin", "auditor"), []],
    ["nothing where one stands for a list of one", ["members", "ana@acme.example"], list("owner"), []],
    ["nothing where it is taken away already", ["members", "eve@acme.example"], null, []],
    [
      "a scalar, and not its comment",
      ["members", "ana@acme.example"],
      scalar("admin"),
      ["-  ana@acme.example: owner # since 2024", "+  ana@acme.example: admin # since 2024"],
    ],
    [
      "a list within brackets",
      ["members", "bo@acme.example"],
      list("auditor"),
      ["-  Bo@acme.example: [admin, auditor]", "+  Bo@acme.example: auditor"],
    ],
    [
      "one field of a map, in the layout that it has",
      ["members", "di@acme.example"],
      map({ id: scalar("user_2"), roles: list("owner", "member") }),
      [
        "-  di@acme.example: { id: user_2, roles: member }",
        "+  di@acme.example: { id: user_2, roles: [owner, member] }",
      ],
    ],
    [
      "a list of lines",
      ["members", "cy@acme.example"],
      map({ roles: list("member"), status: scalar("active") }),
      ["-    roles:", "-      - editor # held by hand", "-      - member", "+    roles: member"],
    ],
    [
      "a field that goes, and one that comes",
      ["members", "di@acme.example"],
      map({ roles: list("member"), status: scalar("suspended") }),
      [
        "-  di@acme.example: { id: user_2, roles: member }",
        "+  di@acme.example: { roles: member, status: suspended }",
      ],
    ],
    [
      "an entry that comes last",
      ["members", "eve@acme.example"],
      map({ roles: list("member") }, list("member")),
      ["+  eve@acme.example: member"],
    ],
    [
      "an entry that goes, with its lines",
      ["members", "cy@acme.example"],
      null,
      [
        "-  cy@acme.example:",
        "-    roles:",
        "-      - editor # held by hand",
        "-      - member",
        "-    status: active",
      ],
    ],
    ["the only entry of a map in lines", ["trace", "mode"], null, ["-trace:", "-  mode: all", "+trace: {}"]],
    [
      "the only entry of a map in brackets",
      ["teams", "release", "members"],
      null,
      ["-  release: { members: [ana@acme.example] }", "+  release: {}"],
    ],
    [
      "an entry of an empty map",
      ["flags", "new_dashboard"],
      scalar("true"),
      ["-flags: {}", "+flags: { new_dashboard: true }"],
    ],
    [
      "a section that was not there",
      ["webhooks", "erp"],
      map({ url: textScalar("https://erp.acme.example") }),
      ["+webhooks: { erp: { url: https://erp.acme.example } }"],
    ],
    ["text that would read as something else", ["last"], textScalar("true"), ['-last: "x"', '+last: "true"']],
    ["the last line, which has no end", ["last"], null, ['-last: "x"']],
  ])("changes %s", (_, path, wanted, difference) => {
    expect(edited(path, wanted)).toEqual(difference);
  });

  it("leaves alone what it cannot edit", () => {
    expect(editManifest("- a\n- b\n", ["members"], null)).toBeNull();
    expect(editManifest("? a\n: b\n? c\n: d\n", ["a"], null)).toBeNull();
    expect(editManifest("", ["members"], scalar("x"))).toBeNull();
  });

  it.each([
    "",
    "a: b",
    "#x",
    "- x",
    "null",
    "yes",
    "1.10",
    "é ü",
    "x #y",
    "{a",
    "a,b",
    "line\nline",
    "*",
    "&x",
    "@x",
    "%x",
    " a ",
  ])("writes %j so that it is read as it is", (value) => {
    for (const container of [
      textScalar(value),
      map({ deep: { kind: "list", items: [textScalar(value), textScalar("z")] } }),
    ]) {
      const after = editManifest("a: x\nb: { c: d }\n", ["b", "new"], container) ?? "";
      const { contents, errors } = readYaml(after);
      expect(errors).toEqual([]);
      const read = JSON.parse(JSON.stringify(contents)).b.new;
      expect(container.kind === "map" ? read.deep[0] : read).toBe(value);
    }
  });
});
