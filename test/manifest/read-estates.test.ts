import { describe, expect, it } from "vitest";
import { checkOverlays, chooseEstate } from "../../src/manifest/choose-estate.ts";
import { readEstates } from "../../src/manifest/read-estates.ts";
import { diagnosticsText } from "../../src/view/diagnostics-text.ts";

const header = "apiVersion: tenantry/v1\nestates:\n";
const read = (text: string) => readEstates({ path: "tenants/estate.yaml", text: header + text });
const codes = (text: string) => read(text).diagnostics.map(({ code }) => code);

const two = `
  production: { description: What customers use, database: { env: PRODUCTION_URL } }
  staging: { database: { env: STAGING_URL }, schema: acme_staging, role_prefix: acme_staging_ }
`;

describe("estate.yaml", () => {
  it("says where each estate is, and what it is called there", () => {
    expect(read(two)).toMatchObject({
      diagnostics: [],
      estates: [
        {
          name: "production",
          description: "What customers use",
          database: { env: "PRODUCTION_URL" },
          schema: "tenantry",
          rolePrefix: "tenantry_",
        },
        {
          name: "staging",
          description: null,
          database: { env: "STAGING_URL" },
          schema: "acme_staging",
          rolePrefix: "acme_staging_",
        },
      ],
    });
  });

  it("may name an embedded database", () => {
    expect(read("  local: { database: { directory: .tenantry } }").estates).toMatchObject([
      { database: { directory: ".tenantry" } },
    ]);
  });

  it.each([
    ["a schema that PostgreSQL uses", "  a: { database: { env: A }, schema: pg_a }", "bad-slug"],
    ["a schema with other characters", "  a: { database: { env: A }, schema: a-b }", "bad-slug"],
    [
      "a role prefix that leaves no room",
      `  a: { database: { env: A }, role_prefix: ${"a".repeat(57)} }`,
      "bad-slug",
    ],
    ["two databases", "  a: { database: { env: A, directory: b } }", "conflicting-fields"],
    ["no database", "  a: {}", "missing-field"],
    ["an unknown field", "  a: { database: { env: A }, roleprefix: b }", "unknown-field"],
    [
      "one schema for two",
      "  a: { database: { env: A } }\n  b: { database: { env: A }, role_prefix: b_ }",
      "claimed-twice",
    ],
    [
      "the same roles for two",
      "  a: { database: { env: A } }\n  b: { database: { env: A }, schema: b }",
      "claimed-twice",
    ],
    ["no estate", "  {}", "missing-field"],
  ])("refuses %s", (_, text, code) => {
    expect(codes(text)).toEqual([code]);
  });

  it("takes the same names in two databases", () => {
    expect(codes("  a: { database: { env: A } }\n  b: { database: { env: B } }")).toEqual([]);
  });

  it.each([
    "  a: { database: { env: postgres://ana:hunter2hunter2@db.example/app } }",
    "  a: { database: { env: hunter2hunter2/app } }",
    "  a: { database: postgres://ana:hunter2hunter2@db.example/app }",
  ])("does not repeat what may be a password: %s", (text) => {
    const { diagnostics } = read(text);
    expect(diagnostics).toHaveLength(1);
    expect(diagnostics.map(({ detail }) => detail).join()).not.toContain("hunter2");
    if (text.includes("://"))
      expect(diagnosticsText(diagnostics, { colour: false })).not.toContain("hunter2");
  });
});

describe("the estate to work on", () => {
  const chosen = (text: string, asked?: string) => {
    const { estate, diagnostics } = chooseEstate(read(text), asked);
    return [estate?.name, ...diagnostics.map(({ code, detail }) => `${code}: ${detail}`)];
  };

  it("is the one that is asked for", () => {
    expect(chosen(two, "staging")).toEqual(["staging"]);
  });

  it("is the only one where nobody asks", () => {
    expect(chosen("  production: { database: { env: A } }")).toEqual(["production"]);
  });

  it("has to be said where there are several", () => {
    expect(chosen(two)).toEqual([
      undefined,
      "which-estate: Say with --estate which one it is: production (What customers use), staging.",
    ]);
  });

  it("has to be declared", () => {
    expect(chosen(two, "stagin")).toEqual([
      undefined,
      'unknown-estate: "stagin" is not declared. Did you mean "staging"?',
    ]);
    expect(chosen("  production: { database: { env: A } }", "test")).toEqual([
      undefined,
      'unknown-estate: "test" is not declared. There is: production.',
    ]);
  });

  it("is none where none is declared", () => {
    expect(chooseEstate(null, undefined)).toEqual({ estate: null, diagnostics: [] });
    expect(chooseEstate(null, "staging").diagnostics).toMatchObject([{ code: "unknown-estate", at: null }]);
  });

  it("is none where estate.yaml is faulty", () => {
    expect(chosen("  a: { database: { env: A }, schema: a-b }", "a")[0]).toBeUndefined();
  });
});

it("a folder of overlays that belongs to no estate is reported", () => {
  const found = checkOverlays(read(two), [
    { name: "production", path: "tenants/overlays/production" },
    { name: "stagin", path: "tenants/overlays/stagin" },
  ]);
  expect(found).toMatchObject([
    {
      code: "unknown-estate",
      at: { file: { path: "tenants/overlays/stagin" } },
      detail: expect.stringContaining(`"staging"`),
    },
  ]);
  expect(checkOverlays(null, [{ name: "a", path: "tenants/overlays/a" }])).toMatchObject([
    { code: "unknown-estate", detail: expect.stringContaining("no estate.yaml") },
  ]);
});
