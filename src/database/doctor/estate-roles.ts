import { roleSql } from "../isolate/plan-isolation.ts";
import type { SchemaNames } from "../migrations/migration.ts";
import type { Finding } from "./finding.ts";
import { mayUse } from "./may-use.ts";
import { oidsOf, type Patient } from "./patient.ts";

/** The roles that reach every org; the app's own is held to one. */
type Reaching = "owner" | "apply" | "runtime";

interface Membership {
  readonly login: string;
  /** The estate's role, by its plain name. */
  readonly role: string;
  /** The members of that role that the login is, or is a member of; none where it is the role itself. */
  readonly through: readonly string[];
}

/**
 * Logins that are members of the estate's roles, whichever way: the one that looks, and those that work with tables of the
 * app's that belong to somebody else. Who has tables of its own alone is there to make them, and deploys.
 */
export async function checkEstateRoles(patient: Patient): Promise<readonly Finding[]> {
  const { names } = patient;
  // Where one role does everything, a check of its own tells of it.
  if (names?.roles.mode !== "separate") return [];
  const reaching = reachingOf(names.roles);
  const memberships = await readMemberships(patient, [...reaching.keys()]);
  return memberships.flatMap((membership) => {
    const kind = reaching.get(membership.role);
    return kind ? [findingOn[kind](membership)] : [];
  });
}

function reachingOf(roles: SchemaNames["roles"]): ReadonlyMap<string, Reaching> {
  const kinds = ["owner", "apply", "runtime"] as const;
  return new Map(kinds.map((kind) => [roles[kind].replace(/^"(.*)"$/, "$1"), kind]));
}

async function readMemberships(
  { transaction, login, tables }: Patient,
  roles: readonly string[],
): Promise<readonly Membership[]> {
  const apps = tables.filter(({ isEstates }) => !isEstates);
  const { rows } = await transaction.query<Membership>(
    // Superusers, and who may become one, are told of as that.
    `with recursive held (member, role) as (
       select distinct m.member, m.roleid
       from pg_auth_members m join pg_roles member on member.oid = m.member
       where not member.rolsuper
     ),
     reached (login, role) as (
       select oid, oid from pg_roles where rolcanlogin and not rolsuper
       union
       select reached.login, held.role from reached join held on held.member = reached.role
     )
     select r.rolname as login, estate.rolname as role, (
       select coalesce(json_agg(pg_get_userbyid(held.member) order by pg_get_userbyid(held.member)), '[]')
       from held join reached on reached.role = held.member
       where reached.login = r.oid and held.role = estate.oid
     ) as through
     from reached
     join pg_roles r on r.oid = reached.login
     join pg_roles estate on estate.oid = reached.role
     where estate.rolname = any($1::text[])
       -- A login that is the owner itself is told of by each table.
       and not (r.oid = estate.oid and r.rolname = ($1::text[])[1])
       and (r.rolname = $2 or exists (
         ${mayUse("$3")} and c.relowner not in (select his.role from reached his where his.login = r.oid)
       ))
     order by r.rolname, array_position($1::text[], estate.rolname::text)`,
    [roles, login, oidsOf(apps)],
  );
  return rows;
}

const findingOn: { readonly [kind in Reaching]: (membership: Membership) => Finding } = {
  owner: (membership) => ({
    id: "owner-role-granted",
    severity: "warning",
    where: membership.login,
    risk: `${as(membership)} it can turn off the row-level security of the estate's tables; where it is an app's login, so can SQL that is injected there.`,
    mend: deploysOrNot("owner-role-granted", membership),
    sql: revoked(membership),
  }),
  apply: (membership) => ({
    id: "apply-role-granted",
    severity: "warning",
    where: membership.login,
    risk: `${as(membership)} it can read and write every org; where it is an app's login, so can SQL that is injected there.`,
    mend: deploysOrNot("apply-role-granted", membership),
    sql: revoked(membership),
  }),
  runtime: (membership) => ({
    id: "runtime-role-granted",
    severity: "note",
    where: membership.login,
    risk: `${as(membership)} it can read every org, and the private keys that sign tokens; where it is an app's login, so can SQL that is injected there, since SET ROLE leads out of whatever role a transaction works as.`,
    mend: "What answers from the database needs the role: `tenantry serve`, createLocalClient, and withOrg with lookUpAs. An app that asks a server, and knows orgs by their ids, does without.",
    sql: [],
  }),
};

function as({ login, role, through }: Membership): string {
  const others = through.filter((name) => name !== login);
  if (through.length === 0) return `As ${role} itself`;
  return others.length < through.length
    ? `As a member of ${role}`
    : `As a member of ${role} by way of ${others.join(", ")}`;
}

function deploysOrNot(id: string, { login }: Membership): string {
  return `A login that deploys needs the role: accept ${id}:${login} there. An app's login must not have it: take it away.`;
}

function revoked({ role, through }: Membership): readonly string[] {
  if (through.length === 0) return [`alter role ${roleSql(role)} nologin`];
  return through.map((member) => `revoke ${roleSql(role)} from ${roleSql(member)}`);
}
