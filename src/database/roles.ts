import pg from "pg";

/** What a transaction works as. The owner migrates; the other three own nothing. */
export type Role = "owner" | "apply" | "runtime" | "app";

/**
 * `separate`: four roles of the cluster, to one of which every transaction drops.
 * `single`: the login does everything, because it may not create roles. Weaker: only policies hold it.
 */
export interface WorkingRoles extends Readonly<Record<Role, string>> {
  readonly mode: "separate" | "single";
}

/** The names of the roles, quoted for SQL. Roles belong to the cluster, hence the prefix. */
export function separateRoles(prefix: string): WorkingRoles {
  const named = (role: Role) => pg.escapeIdentifier(`${prefix}${role}`);
  return {
    mode: "separate",
    owner: named("owner"),
    apply: named("apply"),
    runtime: named("runtime"),
    app: named("app"),
  };
}

export function singleRole(login: string): WorkingRoles {
  const name = pg.escapeIdentifier(login);
  return { mode: "single", owner: name, apply: name, runtime: name, app: name };
}
