import { diff } from "./diff.ts";
import { endangered } from "./find-uses.ts";
import type { PlanInputs, PlannedScope } from "./make-plan.ts";
import type { Change } from "./plan.ts";

/** Where a role may go although it is held, takes it away from whoever still holds it, also by rows that are not the manifests'. */
export function deleteHoldings(
  scopes: readonly PlannedScope[],
  { allow = new Set(), now }: Pick<PlanInputs, "allow" | "now">,
): readonly PlannedScope[] {
  const roles = new Set(
    [...endangered(scopes).deleted].flatMap(([id, subject]) =>
      allow.has(`role-in-use:${subject}`) ? [id] : [],
    ),
  );
  if (roles.size === 0) return scopes;
  return scopes.map((scope) => {
    const gone = new Map(
      scope.matched.pairs.flatMap((pair): [string, Change][] => {
        const { catalog_role, role } = pair.actual?.fields ?? {};
        const isHeld = pair.kind === "binding" && [catalog_role, role].some((id) => roles.has(String(id)));
        const change = isHeld ? diff({ ...pair, desired: null }, now) : null;
        return change ? [[pair.id, change]] : [];
      }),
    );
    const others = scope.changes.filter(({ id }) => !gone.has(id));
    return gone.size === 0 ? scope : { ...scope, changes: [...others, ...gone.values()] };
  });
}
