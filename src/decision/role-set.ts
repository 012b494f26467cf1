import type { Clause, RoleSet, RoleSnapshot, SetClause, Verdict } from "./snapshot.ts";

/** Gives the set of some roles; the same object for the same roles, since many members hold the same. */
export type RoleSets = (roles: readonly RoleSnapshot[]) => RoleSet;

/** Remembers the sets that it made. For roles in the order of their addresses. */
export function roleSets(): RoleSets {
  const made = new Map<string, RoleSet>();
  return (roles) => {
    const key = roles.map(({ address }) => address).join("\n");
    const set = made.get(key) ?? compileRoleSet(roles);
    made.set(key, set);
    return set;
  };
}

function compileRoleSet(roles: readonly RoleSnapshot[]): RoleSet {
  const length = Math.max(0, ...roles.map(({ verdicts }) => verdicts.length));
  return {
    roles: roles.map(({ name }) => name),
    verdicts: Array.from({ length }, (_, index) => {
      const clauses = (effect: keyof Verdict): readonly SetClause[] =>
        decisive(
          roles.flatMap(({ verdicts }, role) =>
            (verdicts[index]?.[effect] ?? []).map((clause) => ({ ...clause, role })),
          ),
        );
      const [allow, deny] = [clauses("allow"), clauses("deny")];
      return allow.length + deny.length === 0 ? null : { allow, deny };
    }),
  };
}

/** A clause without a condition makes the others superfluous. */
export function decisive<C extends Clause>(clauses: readonly C[]): readonly C[] {
  const always = clauses.find(({ test }) => test === null);
  return always ? [always] : clauses;
}
