import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { summaries } from "../../src/diagnostic/codes.ts";
import type { Diagnostic } from "../../src/diagnostic/diagnostic.ts";
import type { SourceFile } from "../../src/diagnostic/span.ts";
import { discover } from "../../src/manifest/discover.ts";
import { readManifests } from "../../src/manifest/read-manifests.ts";
import { diagnosticsJson } from "../../src/view/diagnostics-json.ts";
import { diagnosticsText } from "../../src/view/diagnostics-text.ts";

const sample = discover("tenants").files;
const catalog = { path: "tenants/catalog.yaml", text: readFileSync("test/manifest/catalog.yaml", "utf8") };

function org(slug: string, ...lines: string[]): SourceFile {
  const text = ["apiVersion: tenantry/v1", `org: ${slug}`, ...lines, ""].join("\n");
  return { path: `tenants/orgs/${slug}.yaml`, text };
}

/** Places and codes, in the order in which they are printed. */
function found(files: readonly SourceFile[]): string[] {
  const { diagnostics } = diagnosticsJson(readManifests(files).diagnostics);
  return diagnostics.map(({ code, file, line }) => `${code} ${file}:${line}`);
}

/** The sample estate with one file changed. */
function estate(path: string, change: (text: string) => string): SourceFile[] {
  return sample.map((file) => (file.path === path ? { path, text: change(file.text) } : file));
}

describe("one run tells of everything", () => {
  it("in several files, of several kinds, and several in one file", () => {
    const files = [
      catalog,
      org("acme", "memebrs: {}", "security: { require_mfa: yes }", "flags: { dark_mod: true }"),
      org("globex", "name: Globex: the company"),
      org("hooli", "members: { ana@hooli.example: admin }", "trace: { sample_rate: 2 }"),
      org("initech", "primary_domain: hooli.example", "templates: [standrd]", "colour: #fff"),
    ];
    expect(found(files)).toEqual([
      "unknown-field tenants/orgs/acme.yaml:3",
      "wrong-type tenants/orgs/acme.yaml:4",
      "unknown-flag tenants/orgs/acme.yaml:5",
      "not-yaml tenants/orgs/globex.yaml:3",
      "too-few-holders tenants/orgs/hooli.yaml:3",
      "out-of-range tenants/orgs/hooli.yaml:4",
      "unknown-template tenants/orgs/initech.yaml:4",
      "unknown-field tenants/orgs/initech.yaml:5",
      "quote-this tenants/orgs/initech.yaml:5",
    ]);
  });

  it("whatever order the files come in", () => {
    const files = [catalog, org("acme", "flags: { a: 1 }"), org("globex", "members: {}")];
    expect(found([...files].reverse())).toEqual(found(files));
  });

  it("of a template's fault once, and not once for every org that is made from it", () => {
    const text = catalog.text.replace("standard: {", "standard: { teams: { ops: { roles: amdin } },");
    const orgs = Array.from({ length: 20 }, (_, index) => org(`org-${index}`, "templates: [standard]"));
    expect(found([{ ...catalog, text }, ...orgs])).toEqual(["unknown-role tenants/catalog.yaml:34"]);
  });
});

describe("a fault of the catalog is told there, and not in every org", () => {
  it.each<[string, string, (text: string) => string]>([
    ["no YAML", "tenants/catalog.yaml", (text) => text.replace("roles:", "roles: [")],
    ["an empty file", "tenants/catalog/plans.yaml", () => ""],
    ["a misspelt section", "tenants/catalog.yaml", (text) => text.replace("\nroles:", "\nroels:")],
    [
      "a misspelt section of flags",
      "tenants/catalog/flags.yaml",
      (text) => text.replace("\nflags:", "\nflgs:"),
    ],
    [
      "a section of another type",
      "tenants/catalog.yaml",
      (text) => text.replace(/\nfeatures:[\s\S]*?\n\n/, "\nfeatures: 1\n\n"),
    ],
    ["a role", "tenants/catalog.yaml", (text) => text.replace("at_least: 1", "at_least: one")],
    ["a feature", "tenants/catalog.yaml", (text) => text.replace("api_calls: quota", "api_calls: qouta")],
    ["attributes", "tenants/catalog.yaml", (text) => text.replace("region: [eu, us]", "region: {}")],
    [
      "permissions",
      "tenants/catalog.yaml",
      (text) => text.replace("document: { scope: workspace,", "document: { scope: nowhere,"),
    ],
    ["a plan", "tenants/catalog/plans.yaml", (text) => text.replace("trial: 14 days", "trial: 14")],
    ["a flag", "tenants/catalog/flags.yaml", (text) => text.replace("default: false", "defualt: false")],
    [
      "a template",
      "tenants/catalog/templates.yaml",
      (text) => text.replace("retention_days: 30", "retention_days: many"),
    ],
    [
      "the second template",
      "tenants/catalog/templates.yaml",
      (text) => text.replace("extends: standard", "extends: {}"),
    ],
    [
      "the products",
      "tenants/catalog.yaml",
      (text) => text.replace("products: [platform]", "products: [{}]"),
    ],
  ])("%s", (_, path, change) => {
    const files = estate(path, change);
    expect(files.find((file) => file.path === path)?.text).not.toBe(
      sample.find((file) => file.path === path)?.text,
    );
    const { diagnostics } = readManifests(files);
    expect(diagnostics.length).toBeGreaterThan(0);
    expect(diagnostics.length).toBeLessThan(3);
    expect(new Set(diagnostics.map(({ at }) => at?.file.path))).toEqual(new Set([path]));
  });
});

describe("a fault of an org is told once", () => {
  it.each<[string, (text: string) => string]>([
    ["a misspelt section", (text) => text.replace("\nmembers:", "\nmemebrs:")],
    ["a workspace", (text) => text.replace("tier: prod", "tier: production")],
    ["a role", (text) => text.replace("org:read, billing:read", "org:read, billing:raed")],
    ["a member", (text) => text.replace("{ id: user_2ab9,", "{ id: [],")],
    ["the owner", (text) => text.replace("ana@acme.example: owner", "ana@acme.example: { role: owner }")],
    ["a member's address", (text) => text.replace("  bo@acme.example: [", "  bo@acme: [")],
    ["a connection", (text) => text.replace("protocol: oidc", "protocol: oauth")],
    ["a webhook", (text) => text.replace("url: https://erp", "url: erp")],
    ["a team", (text) => text.replace("hotfix: { parent: release,", "hotfix: { parent: [],")],
  ])("%s", (_, change) => {
    const files = estate("tenants/orgs/acme.yaml", change);
    expect(readManifests(files).diagnostics.map(({ code, detail }) => `${code} ${detail}`)).toHaveLength(1);
  });
});

describe("whatever is written", () => {
  const pieces = [
    "",
    "~",
    "{}",
    "[]",
    "[{}]",
    "yes",
    "1.10",
    "x: y",
    "'",
    '"',
    "\t",
    "- ",
    "#",
    ": ",
    "null",
    "*a",
    "{ a: b }",
    "2026-02-30",
    "é\u0301",
    "\u202e",
    "\0",
  ];
  const edit = fc.record({
    file: fc.nat(sample.length - 1),
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    length: fc.oneof(fc.constant(0), fc.nat(3), fc.nat(40)),
    piece: fc.oneof(fc.constantFrom(...pieces), fc.string({ maxLength: 5 })),
    isLine: fc.boolean(),
  });

  it("a changed estate is valid, or says where it is not", () => {
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 4 }), (edits) => {
        const files = edits.reduce<readonly SourceFile[]>(
          (changed, one) => changed.map((file, index) => (index === one.file ? edited(file, one) : file)),
          sample,
        );
        const { desired, diagnostics } = readManifests(files);
        if (diagnostics.length === 0) expect(desired?.orgs.length).toBe(3);
        for (const diagnostic of diagnostics) expectPlaces(diagnostic, files);
        expect(diagnosticsText(diagnostics, { colour: false }).includes("undefined")).toBe(false);
      }),
      { numRuns: 400 },
    );
  }, 60_000);

  function edited(
    { path, text }: SourceFile,
    { at, length, piece, isLine }: { at: number; length: number; piece: string; isLine: boolean },
  ): SourceFile {
    const offset = Math.floor(at * text.length);
    // values follow colons, and are where most can go wrong
    const start = isLine ? text.indexOf(": ", offset) + 2 : offset;
    const end = isLine ? text.indexOf("\n", start) : start + length;
    return { path, text: text.slice(0, start) + piece + text.slice(Math.max(start, end)) };
  }

  function expectPlaces({ at, notes, code, detail }: Diagnostic, files: readonly SourceFile[]): void {
    if (code !== "no-catalog") expect(at).not.toBeNull();
    for (const span of [at, ...notes.map((note) => note.at)]) {
      if (!span) continue;
      expect(files).toContain(span.file);
      expect(span.start).toBeGreaterThanOrEqual(0);
      expect(span.end).toBeGreaterThanOrEqual(span.start);
      expect(span.end).toBeLessThanOrEqual(span.file.text.length);
    }
    expect(detail.length).toBeGreaterThan(10);
  }
});

describe("every diagnostic", () => {
  const cases = join(import.meta.dirname, "cases");
  const printed = readdirSync(cases).map((name) => readFileSync(join(cases, name, "expected.txt"), "utf8"));

  /** Of the file system, which the tests of `discover` bring about. */
  const elsewhere = ["unreadable-file", "no-manifests"];

  it("is shown by a case", () => {
    const shown = new Set(
      printed.flatMap((text) => [...text.matchAll(/^error\[([\w-]+)\]/gm)].map(([, code]) => code)),
    );
    expect(Object.keys(summaries).filter((code) => !shown.has(code) && !elsewhere.includes(code))).toEqual(
      [],
    );
  });

  it("ends in a sentence", () => {
    for (const text of printed)
      for (const [block] of text.matchAll(/^error\[[\s\S]*?(?=\n\n)/gm)) {
        const detail = block
          .split("\n")
          .filter(
            (line) => /^ {2}\S/.test(line) && !line.startsWith("  note:") && !line.startsWith("  tenants/"),
          );
        expect(detail.join("\n")).toMatch(/[.?]$/);
      }
  });
});

describe("attributes that are claimed by whoever asks", () => {
  const shop = (...lines: string[]): SourceFile[] => [
    {
      path: "tenants/catalog.yaml",
      text: [
        "apiVersion: tenantry/v1",
        "catalog: shop",
        "permissions: { document: [read] }",
        "attributes: { subject: { device: text }, action: { method: [get, post] } }",
        ...lines,
        "",
      ].join("\n"),
    },
  ];

  it("may be declared for subjects and actions, and asked for by grants", () => {
    const grant = "{ allow: document:read, if: { subject.device: managed, action.method: get } }";
    expect(found(shop(`roles: { reader: { grants: [${grant}] } }`))).toEqual([]);
  });

  it("cannot be asked for by flags, which know of no subject and no action", () => {
    const rule = "{ if: { subject.device: managed }, serve: true }";
    expect(found(shop(`flags: { fast: { default: false, rules: [${rule}] } }`))).toEqual([
      "unknown-attribute tenants/catalog.yaml:5",
    ]);
  });
});
