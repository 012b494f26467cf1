import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import ts from "typescript";
import { afterEach, beforeEach, expect, test } from "vitest";
import { sampleDirectory, tenantry } from "../command.ts";

const root = join(import.meta.dirname, "../..");
let directory: ReturnType<typeof sampleDirectory>;

beforeEach(() => {
  directory = sampleDirectory();
  writeFileSync(join(directory.path, "package.json"), `{ "type": "module" }`);
});

afterEach(() => directory.remove());

/** What the compiler says of a program that imports the written types and the built client. */
function compile(program: string): readonly string[] {
  const file = join(directory.path, "app.ts");
  writeFileSync(file, program);
  const made = ts.createProgram([file], {
    strict: true,
    noEmit: true,
    exactOptionalPropertyTypes: true,
    target: ts.ScriptTarget.ES2023,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    allowImportingTsExtensions: true,
    skipLibCheck: true,
    types: ["node"],
    typeRoots: [join(root, "node_modules/@types")],
    paths: {
      "tenantry/client": [join(root, "dist/client/entry.d.ts")],
      pg: [join(root, "node_modules/@types/pg")],
    },
  });
  return ts
    .getPreEmitDiagnostics(made)
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"));
}

const imports = `
import { createClient, createLocalClient, type Client, type LocalClient } from "tenantry/client";
import type { Catalog } from "./catalog.ts";
const client = createClient<Catalog>({ url: "http://localhost:4600", org: "acme" });
`;

test("a misspelt name does not compile, nor a fallback of another type", () => {
  const written = tenantry(directory.path, ["schema", "--types", "catalog.ts"]);
  expect(written).toEqual({ exitCode: 0, out: "", talk: "Wrote catalog.ts\n" });
  const program = `${imports}
const isNew: boolean = await client.flag("new_dashboard", {}, false);
const checkout: string = await client.flag("checkout", { member: "ana@acme.example" }, "v1");
await client.can("ana@acme.example", "members:invite", undefined, { context: { mfa: true } });
await client.org("acme").entitled("seats");
await client.check([{ permission: "org:read", member: "a" }, { flag: "checkout" }, { entitlement: "sso" }]);
const local: LocalClient<Catalog> = await createLocalClient<Catalog>({ database: "./data" });
const now: boolean = local.flag("new_dashboard", {}, false);
local.can("ana@acme.example", "document:write", { type: "document", id: "spec" });
const any: Client = createClient({ url: "http://localhost:4600" });
const whatever: boolean = await any.can("ana@acme.example", "any:thing");
// @ts-expect-error
await client.flag("new_dashbord", {}, false);
// @ts-expect-error
await client.flag("new_dashboard", {}, "on");
// @ts-expect-error
await client.can("ana@acme.example", "members:invit");
// @ts-expect-error
await client.org("acme").entitled("seat");
// @ts-expect-error
await client.check([{ flag: "chekout" }]);
// @ts-expect-error
await client.explain({ permission: "org:raed" });
// @ts-expect-error
local.flag("new_dashbord", {}, false);
// @ts-expect-error
local.entitled("ssso");
export { isNew, checkout, now, whatever };
`;
  expect(compile(program)).toEqual([]);
  // That it is the types that say so.
  expect(compile(program.replaceAll("// @ts-expect-error", ""))).toHaveLength(8);
});

test("values of every kind have their types", () => {
  writeFileSync(
    join(directory.path, "tenants/catalog/more.yaml"),
    `apiVersion: tenantry/v1
catalog: shopfront
flags:
  limits: { variants: { low: { cpu: 1, zones: [a, b] }, high: { cpu: 2, gpu: true } }, default: low }
  weights: { default: { a: 1 } }
  ratio: { default: 0.5 }
`,
  );
  const { exitCode, out, talk } = tenantry(directory.path, ["schema", "--types"]);
  expect({ exitCode, talk }).toEqual({ exitCode: 0, talk: "" });
  const file = "new/folder/catalog.ts";
  expect(tenantry(directory.path, ["schema", "--types", file]).talk).toBe(`Wrote ${file}\n`);
  expect(readFileSync(join(directory.path, file), "utf8")).toBe(out);
  writeFileSync(join(directory.path, "catalog.ts"), out);
  expect(
    compile(`${imports}
const limits = await client.flag("limits", {}, { cpu: 1, zones: [] });
const cpu: number = limits.cpu;
const zones: readonly string[] = "zones" in limits ? limits.zones : [];
const ratio: number = await client.flag("ratio", {}, 1);
await client.flag("weights", {}, { whatever: [1, "two"] });
type Support = Catalog["features"]["support"];
const support: Support[] = ["community", "standard", "premium", "enterprise", null];
const calls: Catalog["features"]["api_calls"] = { amount: "unlimited", per: "month" };
const seats: Catalog["features"]["seats"][] = [3, "unlimited"];
// @ts-expect-error
const wrong: Support = "gold";
// @ts-expect-error
await client.flag("limits", {}, { cpu: "many" });
export { cpu, zones, ratio, support, calls, seats, wrong };
`),
  ).toEqual([]);
});

test("a catalog that says nothing has types that take nothing, and a faulty one has none", () => {
  const bare = mkdtempSync(join(tmpdir(), "tenantry-types-"));
  try {
    mkdirSync(join(bare, "tenants/orgs"), { recursive: true });
    writeFileSync(join(bare, "tenants/catalog.yaml"), "apiVersion: tenantry/v1\ncatalog: bare\n");
    const { out, talk } = tenantry(bare, ["schema", "--types"]);
    expect(talk).toBe("");
    writeFileSync(join(directory.path, "catalog.ts"), out);
    expect(compile(imports)).toEqual([]);
    expect(compile(`${imports}await client.entitled("sso");`)).toHaveLength(1);
  } finally {
    rmSync(bare, { recursive: true, force: true });
  }
  const catalog = join(directory.path, "tenants/catalog.yaml");
  writeFileSync(catalog, readFileSync(catalog, "utf8").replace("sso: switch", "sso: swich"));
  const faulty = tenantry(directory.path, ["schema", "--types", "catalog.ts"]);
  expect(faulty.exitCode).toBe(1);
  expect(faulty.talk).toContain("tenants/catalog.yaml");
});
