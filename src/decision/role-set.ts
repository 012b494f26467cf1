import type { Clause, HeldRoles, RoleSet, RoleSnapshot, SetClause, Verdict } from "./snapshot.ts";

/** Makes what is held of some roles, and remembers it: many members hold the same. For roles in the order of their addresses. */
export interface RoleSets {
  /** The same object for the same roles. */
  readonly of: (roles: readonly RoleSnapshot[]) => RoleSet;
  /** Roles that a member holds by itself; the same object for the same roles. */
  readonly directly: (roles: readonly RoleSnapshot[]) => HeldRoles;
  /** Roles, and by role the team by which it is held; null: by the member itself. */
  readonly through: (roles: readonly RoleSnapshot[], teams: readonly (string | null)[]) => HeldRoles;
}

export function roleSets(): RoleSets {
  const made = new Map<string, RoleSet>();
  const direct = new Map<string, HeldRoles>();
  const of: RoleSets["of"] = (roles) => {
    const key = keyOf(roles);
    const set = made.get(key) ?? compileRoleSet(roles);
    made.set(key, set);
    return set;
  };
  const through: RoleSets["through"] = (roles, teams) => {
    const isAcross = (_: unknown, at: number) => roles[at]?.isAcross === true;
    const across = roles.filter(isAcross);
    return {
      set: of(roles),
      teams,
      across: across.length === 0 ? null : { set: of(across), teams: teams.filter(isAcross), across: null },
    };
  };
  const directly: RoleSets["directly"] = (roles) => {
    const key = keyOf(roles);
    const known = direct.get(key);
    if (known) return known;
    const held = through(
      roles,
      roles.map(() => null),
    );
    direct.set(key, held);
    return held;
  };
  return { of, directly, through };
}

function keyOf(roles: readonly RoleSnapshot[]): string {
  const [only] = roles;
  return only && roles.length === 1 ? only.address : roles.map(({ address }) => address).join("\n");
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
      if (allow.length + deny.length === 0) return null;
      const [first = null] = allow;
      const always = deny.length === 0 && first?.test === null ? first : null;
      return { always, allow, deny };
    }),
  };
}

/** A clause without a condition makes the others superfluous. */
export function decisive<C extends Clause>(clauses: readonly C[]): readonly C[] {
  const always = clauses.find(({ test }) => test === null);
  return always ? [always] : clauses;
}
