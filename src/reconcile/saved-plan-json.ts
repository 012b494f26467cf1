import type { Plan, PlanBase, ScopePlan } from "../plan/plan.ts";

/** A plan as JSON holds it: every map is a list of pairs, in the map's order. */
export interface PlanInJson extends Omit<Plan, "base" | "catalogIds" | "scopes"> {
  readonly base: Omit<PlanBase, "counters"> & { readonly counters: readonly (readonly [string, number])[] };
  readonly catalogIds: IdsInJson;
  readonly scopes: readonly (Omit<ScopePlan, "ids"> & { readonly ids: IdsInJson })[];
}

type Ids = ScopePlan["ids"];
type KindOf<M> = M extends ReadonlyMap<infer K, unknown> ? K : never;
type IdsInJson = readonly (readonly [KindOf<Ids>, readonly (readonly [key: string, id: string])[]])[];

export function planToJson(plan: Plan): PlanInJson {
  return {
    ...plan,
    base: { ...plan.base, counters: [...plan.base.counters] },
    catalogIds: idsToJson(plan.catalogIds),
    scopes: plan.scopes.map((scope) => ({ ...scope, ids: idsToJson(scope.ids) })),
  };
}

export function planFromJson(plan: PlanInJson): Plan {
  return {
    ...plan,
    base: { ...plan.base, counters: new Map(plan.base.counters) },
    catalogIds: idsFromJson(plan.catalogIds),
    scopes: plan.scopes.map((scope) => ({ ...scope, ids: idsFromJson(scope.ids) })),
  };
}

function idsToJson(ids: Ids): IdsInJson {
  return [...ids].map(([kind, ofKind]) => [kind, [...ofKind]]);
}

function idsFromJson(ids: IdsInJson): Ids {
  return new Map(ids.map(([kind, ofKind]) => [kind, new Map(ofKind)]));
}
