import type { Diagnostic } from "../diagnostic/diagnostic.ts";
import { placeText } from "../diagnostic/position.ts";
import { sortDiagnostics } from "../diagnostic/sort-diagnostics.ts";
import { spanOf } from "../manifest/place.ts";
import { type ReadManifests, readManifests } from "../manifest/read-manifests.ts";
import type { DesiredState, Path } from "../model/state.ts";
import { canonicalTime } from "../model/value.ts";
import { checkDecisions } from "./check-decisions.ts";
import { discoverManifests } from "./discover-manifests.ts";

/** Manifests that were read, checked and tried. */
export interface LoadedManifests {
  /** Nothing to build on while there are diagnostics. */
  readonly desired: DesiredState;
  readonly diagnostics: readonly Diagnostic[];
  readonly files: number;
  readonly tests: number;
  readonly manifests: ReadManifests;
  /** `tenants/orgs/acme.yaml:31`, where a path of an org or of the catalog is declared. */
  readonly declaredAt: (org: string | null, path: Path) => string | null;
}

const nothing: DesiredState["catalog"] = {
  org: null,
  previously: [],
  resources: [],
  sections: new Set(),
  authoritative: new Map(),
  released: new Set(),
};

export interface LoadOptions {
  /** When it is: overrides begin and end. */
  readonly now: Date;
  /** The estate that is asked for by name. */
  readonly estate?: string | undefined;
  readonly onProgress?: (done: number, total: number) => void;
}

/** Reads all manifests below a directory and runs the catalog's tests. Every problem of every file is in the result. */
export function loadManifests(directory: string, { now, estate, onProgress }: LoadOptions): LoadedManifests {
  const found = discoverManifests(directory, estate);
  const manifests = readManifests(found.files, onProgress ? { onProgress } : {});
  const faults = [...found.diagnostics, ...manifests.diagnostics];
  // Half a catalog decides wrongly, and would be told of twice.
  const decided =
    faults.length === 0 && manifests.desired
      ? checkDecisions(manifests.desired, manifests, canonicalTime(now.toISOString()))
      : [];
  return {
    desired: manifests.desired ?? { catalog: nothing, orgs: [] },
    diagnostics: sortDiagnostics([...faults, ...decided]),
    files: found.files.length,
    tests: manifests.tests.length,
    manifests,
    declaredAt: (org, path) => {
      const place = manifests.place(org, path);
      return place && placeText(spanOf(place)).replace(/:\d+$/, "");
    },
  };
}
