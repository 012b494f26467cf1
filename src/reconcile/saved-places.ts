import type { Kind } from "../model/kinds.ts";
import type { Path } from "../model/state.ts";
import type { Plan } from "../plan/plan.ts";
import type { Places } from "../view/plan-lines.ts";

/** Where everything that a plan names is declared, so that it reads the same without the manifests. */
export interface PlacesJson {
  readonly declared: readonly (readonly [org: string | null, path: Path, place: string])[];
  /** Where what is deleted was declared before. */
  readonly was: readonly (readonly [org: string | null, kind: Kind, key: string, place: string])[];
}

export function placesToJson(plan: Plan, places: Places): PlacesJson {
  const named = [...plan.findings, ...plan.allowed, ...plan.notes].flatMap(({ at }) => at ?? []);
  const changed = plan.scopes.flatMap(({ org, changes }) =>
    changes.flatMap(({ path }) => (path ? [{ org, path }] : [])),
  );
  const deleted = plan.scopes.flatMap(({ org, changes }) =>
    changes.flatMap(({ action, kind, key }) => (action === "delete" ? [{ org, kind, key }] : [])),
  );
  return {
    declared: [...named, ...changed].flatMap(({ org, path }) => {
      const place = places.declaredAt(org, path);
      return place === null ? [] : [[org, path, place] as const];
    }),
    was: deleted.flatMap(({ org, kind, key }) => {
      const place = places.wasDeclaredAt?.(org, kind, key) ?? null;
      return place === null ? [] : [[org, kind, key, place] as const];
    }),
  };
}

export function placesFromJson({ declared, was }: PlacesJson): Places {
  const name = (...parts: readonly unknown[]) => JSON.stringify(parts);
  const places = new Map(declared.map(([org, path, place]) => [name(org, path), place]));
  const earlier = new Map(was.map(([org, kind, key, place]) => [name(org, kind, key), place]));
  return {
    declaredAt: (org, path) => places.get(name(org, path)) ?? null,
    wasDeclaredAt: (org, kind, key) => earlier.get(name(org, kind, key)) ?? null,
  };
}
