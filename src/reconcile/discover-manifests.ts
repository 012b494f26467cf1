import { type Discovered, type DiscoverOptions, discover } from "../manifest/discover.ts";
import type { EstateDeclaration } from "../manifest/read-estates.ts";
import { findEstate } from "./find-estate.ts";

/** The manifests of one estate. */
export interface DiscoveredManifests extends Discovered {
  /** Null where none is declared. */
  readonly estate: EstateDeclaration | null;
}

/** Finds the common manifests below a directory and what the estate lays over them. Without an estate no file is read. */
export function discoverManifests(
  directory: string,
  asked: string | undefined,
  options: Omit<DiscoverOptions, "overlay"> = {},
): DiscoveredManifests {
  const { estate, diagnostics } = findEstate(directory, asked, options);
  if (diagnostics.length > 0) return { estate, files: [], diagnostics };
  return { estate, ...discover(directory, { ...options, overlay: estate?.name }) };
}
