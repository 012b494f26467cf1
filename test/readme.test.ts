import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readManifests } from "../src/manifest/read-manifests.ts";
import { diagnosticsText } from "../src/view/diagnostics-text.ts";

const readme = readFileSync(join(import.meta.dirname, "../README.md"), "utf8");

test("the README's manifests are valid", () => {
  const blocks = [...readme.matchAll(/```yaml\n# (\S+)\n([\s\S]*?)```/g)];
  const files = blocks.map(([, path = "", text = ""]) => ({ path, text }));
  expect(files.map(({ path }) => path)).toEqual(["tenants/catalog.yaml", "tenants/orgs/acme.yaml"]);
  expect(diagnosticsText(readManifests(files).diagnostics, { colour: false })).toBe("");
});

test("nothing in the README waits to be filled in", () => {
  expect(readme).not.toMatch(/@@|TODO|TBD/);
});
