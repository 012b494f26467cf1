import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { catalogFiles } from "./generate-catalog.ts";
import { generateOrg } from "./generate-org.ts";
import { randomFrom } from "./random.ts";

export interface EstateOptions {
  readonly seed: number;
  readonly orgs: number;
  /** Members that an org has on average. */
  readonly members: number;
  /** Workspaces that an org has on average, each with up to three environments. */
  readonly workspaces: number;
  /** Flags and entitlements that an org sets against the catalog, on average. */
  readonly overrides: number;
  /** Members of the first org, where it is to be far larger than the others. */
  readonly largest?: number;
}

/** About 2.5 KB and 30 resources an org. */
export const usualEstate = { seed: 1, members: 5, workspaces: 1, overrides: 2 } as const;

export interface ManifestFile {
  readonly path: string;
  readonly text: string;
}

/**
 * The manifests of an estate, without a problem in any of them. Equal options give equal bytes, and an org is the same
 * in estates of any number of orgs.
 */
export function* generateEstate(options: EstateOptions): Generator<ManifestFile> {
  yield* catalogFiles();
  for (let index = 0; index < options.orgs; index++) {
    const random = randomFrom(Math.imul(options.seed, 0x9e3779b1) ^ index);
    const members = index === 0 ? options.largest : undefined;
    const { slug, text } = generateOrg(index, random, {
      ...options,
      ...(members === undefined ? {} : { exactly: members }),
    });
    yield { path: `orgs/${slug}.yaml`, text };
  }
}

export interface WrittenEstate {
  readonly folder: string;
  readonly files: number;
  readonly bytes: number;
}

/** Writes an estate's manifests below a folder. */
export function writeEstate(folder: string, options: EstateOptions): WrittenEstate {
  let files = 0;
  let bytes = 0;
  for (const { path, text } of generateEstate(options)) {
    const full = join(folder, path);
    mkdirSync(dirname(full), { recursive: true });
    writeFileSync(full, text);
    files += 1;
    bytes += Buffer.byteLength(text);
  }
  return { folder, files, bytes };
}
