import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Diagnostic } from "../../src/diagnostic/diagnostic.ts";
import { discover } from "../../src/manifest/discover.ts";
import { readManifests } from "../../src/manifest/read-manifests.ts";
import { checkDecisions } from "../../src/reconcile/check-decisions.ts";
import { findEstate } from "../../src/reconcile/find-estate.ts";
import { diagnosticsText } from "../../src/view/diagnostics-text.ts";

/**
 * Every folder of `cases` is named after a fault and holds `tenants/` (or a `generate.ts` that says what is in it)
 * with the expected output. What has no catalog of its own gets `catalog.yaml`, which stands beside `cases`.
 * `UPDATE_CASES=1` writes what comes out as what is expected: read the diff.
 */
const cases = join(import.meta.dirname, "cases");
const catalog = { path: "tenants/catalog.yaml", text: readFileSync(join(cases, "../catalog.yaml"), "utf8") };

function problemsOf(name: string, cwd: string): readonly Diagnostic[] {
  const { estate, diagnostics } = findEstate("tenants", undefined, { cwd });
  if (diagnostics.length > 0) return diagnostics;
  const found = discover("tenants", { cwd, overlay: estate?.name });
  const ownsCatalog =
    name === "no-catalog" || found.files.some(({ path }) => path.startsWith("tenants/catalog"));
  const manifests = readManifests(ownsCatalog ? found.files : [...found.files, catalog]);
  const faults = [...found.diagnostics, ...manifests.diagnostics];
  return faults.length > 0 || !manifests.desired
    ? faults
    : checkDecisions(manifests.desired, manifests, "2026-11-21T00:00:00Z");
}

describe("each fault is reported at its place, with the fix", () => {
  it.each(readdirSync(cases))("%s", async (name) => {
    const folder = join(cases, name);
    const expected = join(folder, "expected.txt");
    const text = await inEstate(folder, (cwd) => diagnosticsText(problemsOf(name, cwd), { colour: false }));
    if (process.env.UPDATE_CASES) writeFileSync(expected, text);
    expect(text).toBe(readFileSync(expected, "utf8"));
    expect(text).not.toBe("");
  });
});

async function inEstate<T>(folder: string, use: (cwd: string) => T): Promise<T> {
  const generate = join(folder, "generate.ts");
  if (!existsSync(generate)) return use(folder);
  const { files } = (await import(generate)) as { files: Readonly<Record<string, string | Buffer>> };
  const cwd = mkdtempSync(join(tmpdir(), "tenantry-case-"));
  try {
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(cwd, path)), { recursive: true });
      writeFileSync(join(cwd, path), content);
    }
    return use(cwd);
  } finally {
    rmSync(cwd, { recursive: true });
  }
}
