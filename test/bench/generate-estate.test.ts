import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { discover } from "../../src/manifest/discover.ts";
import { readManifests } from "../../src/manifest/read-manifests.ts";
import { type EstateOptions, generateEstate, usualEstate, writeEstate } from "./generate-estate.ts";

const options = (given: Partial<EstateOptions>): EstateOptions => ({ ...usualEstate, orgs: 60, ...given });

describe("a generated estate", () => {
  it("has the same bytes for the same seed, and others for another", () => {
    const text = (seed: number) => JSON.stringify([...generateEstate(options({ seed }))]);
    expect(text(7)).toBe(text(7));
    expect(text(7)).not.toBe(text(8));
  });

  it("keeps its orgs when more are added", () => {
    const files = (orgs: number) => [...generateEstate(options({ orgs }))];
    expect(files(20)).toEqual(files(30).slice(0, files(20).length));
  });

  it.each<[string, Partial<EstateOptions>]>([
    ["of the usual size", {}],
    ["with nothing but what every org has", { members: 0, workspaces: 0, overrides: 0 }],
    ["with much in every org", { members: 80, workspaces: 6, overrides: 8 }],
    ["with one large org", { orgs: 2, largest: 2_000 }],
  ])("%s has no problems", (_, given) => {
    const folder = mkdtempSync(join(tmpdir(), "tenantry-estate-"));
    try {
      const { files } = writeEstate(folder, options(given));
      const found = discover(folder);
      expect(found.files).toHaveLength(files);
      const { diagnostics, desired } = readManifests(found.files);
      expect([...found.diagnostics, ...diagnostics]).toEqual([]);
      if (given.largest !== undefined) {
        const members = desired?.orgs.map(({ resources }) =>
          resources.filter(({ kind }) => kind === "member"),
        );
        expect(Math.max(...(members ?? []).map((each) => each.length))).toBe(given.largest);
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
