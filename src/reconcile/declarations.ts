import type { Place } from "../manifest/place.ts";
import type { ReadManifests } from "../manifest/read-manifests.ts";
import { addressOf } from "../model/address.ts";
import type { DesiredScope, DesiredState, Path } from "../model/state.ts";

/** Where what decisions name is declared. */
export interface Declarations {
  /** The place of an address such as `acme/flag/checkout` or `catalog/flag/checkout#rules/1`; null where nobody declares it. */
  readonly placeOf: (address: string) => Place | null;
}

/** Looks addresses up in the manifests; a scope's are listed when the first of them is asked for. */
export function declarationsOf(desired: DesiredState, manifests: ReadManifests): Declarations {
  const scopes = new Map([desired.catalog, ...desired.orgs].map((scope) => [scope.org ?? "catalog", scope]));
  const listed = new Map<DesiredScope, ReadonlyMap<string, Path>>();
  return {
    placeOf(address) {
      const [resource = "", fragment] = address.split("#");
      const scope = scopes.get(resource.split("/", 1)[0] as string);
      if (!scope) return null;
      const paths = listed.get(scope) ?? pathsOf(scope);
      listed.set(scope, paths);
      const path = paths.get(resource);
      if (!path) return null;
      const steps = fragment?.split("/").map((step) => (/^\d+$/.test(step) ? Number(step) : step)) ?? [];
      return manifests.place(scope.org, [...path, ...steps]);
    },
  };
}

function pathsOf(scope: DesiredScope): ReadonlyMap<string, Path> {
  return new Map(scope.resources.map(({ kind, key, path }) => [addressOf(scope.org, kind, key), path]));
}
