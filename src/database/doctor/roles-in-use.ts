import { roleSql } from "../isolate/plan-isolation.ts";
import type { Finding } from "./finding.ts";
import { mayUse } from "./may-use.ts";
import { oidsOf, type Patient } from "./patient.ts";

interface RoleInUse {
  readonly name: string;
  readonly isSuperuser: boolean;
  readonly bypasses: boolean;
  /** It is a role that the estate's transactions work as, or may become one. */
  readonly isMember: boolean;
  /** The login may become it. */
  readonly isBecome: boolean;
  readonly canLogIn: boolean;
  /** Of the tables that hold rows of tenants, it may use one of the app's that is not its own. */
  readonly isAtWork: boolean;
  /** Of those tables, its own. */
  readonly owned: readonly OwnTable[];
}

interface OwnTable {
  readonly name: string;
  readonly isPartition: boolean;
  /** A partition of somebody else's table. */
  readonly isApart: boolean;
}

/** Roles that work with rows of tenants, and that no policy holds: superusers, BYPASSRLS, and owners, who can turn it off. */
export async function checkRolesInUse(patient: Patient): Promise<readonly Finding[]> {
  const { login, working, names } = patient;
  const isSingle = names?.roles.mode === "single";
  const isEmbedded = patient.engine === "pglite";
  const roles = await readRoles(patient, isSingle);
  return roles.flatMap((role) => {
    const { isMember, isBecome, isAtWork, owned, canLogIn } = role;
    const isLogin = role.name === login;
    if (role.isSuperuser || role.bypasses) {
      if (isLogin) return [unheldLogin(role, isEmbedded)];
      return isMember || isBecome ? [unheldRole(role)] : [unheldOther(role)];
    }
    const isWorking = working.includes(role.name) && !isSingle;
    if (isLogin || isWorking || isBecome || isAtWork) return ownership(role, owned, names);
    // Who owns tables, and works with nobody else's, may be there to make them.
    const apart = owned.filter(({ isApart }) => isApart);
    return canLogIn ? ownership(role, apart, names) : [];
  });
}

async function readRoles(
  { transaction, login, working, tables, names }: Patient,
  isSingle: boolean,
): Promise<readonly RoleInUse[]> {
  const owner = names ? names.roles.owner.replace(/^"(.*)"$/, "$1") : "";
  // Who owns the estate because it is the only role there is, is told of by a check of its own.
  const judged = tables.filter(({ isEstates }) => !(isEstates && isSingle));
  const apps = tables.filter(({ isEstates }) => !isEstates);
  const becoming = (among: string) => `
       select oid from pg_roles where ${among} and not rolsuper
       union
       select m.roleid from pg_auth_members m join`;
  const { rows } = await transaction.query<RoleInUse>(
    `with recursive become (oid) as (${becoming("rolname = $5")} become b on b.oid = m.member),
     entered (oid) as (${becoming("rolcanlogin")} entered e on e.oid = m.member),
     member (oid) as (
       select oid from pg_roles where rolname = any($3)
       union
       select m.member from pg_auth_members m join member on member.oid = m.roleid
     )
     select * from (
       select r.rolname as name, r.rolsuper as "isSuperuser", r.rolbypassrls as bypasses, r.rolcanlogin as "canLogIn",
         -- The first superuser is what it is, whatever it was granted.
         r.oid <> 10 and r.oid in (select oid from member) as "isMember",
         -- By SET ROLE, short of the roles of the estate, which a check of their own is for.
         r.oid <> 10 and r.rolname <> all($4) and r.oid in (select oid from become) as "isBecome",
         r.oid <> 10 and r.rolname <> all($4) and case
           when r.rolsuper then exists (${grantedItself})
           when r.rolbypassrls then r.oid in (select oid from entered) and exists (${mayUse("$2")})
           else r.rolcanlogin and exists (${mayUse("$6")} and c.relowner <> r.oid)
         end as "isAtWork",
         (${owned}) as owned
       from pg_roles r
     ) role
     where name = any($1) or "isMember" or "isBecome" or "isAtWork" or ("canLogIn" and not "isSuperuser" and not bypasses and name <> all($4))
     order by name`,
    [[login, ...working], oidsOf(judged), working, [...working, owner], login, oidsOf(apps)],
  );
  return rows;
}

/** A superuser may use every table; granted one, it is meant to. */
const grantedItself = `
  select from pg_class c cross join lateral aclexplode(c.relacl) held
  where c.oid = any($2::oid[]) and held.grantee = r.oid and c.relowner <> r.oid`;

const owned = `
  select coalesce(json_agg(json_build_object(
    'name', format('%I.%I', n.nspname, c.relname), 'isPartition', c.relispartition,
    'isApart', c.relispartition and c.relowner <> (select relowner from pg_class root where root.oid = pg_partition_root(c.oid))
  ) order by n.nspname, c.relname), '[]')
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.oid = any($2::oid[]) and c.relowner = r.oid`;

function unheldLogin({ name, isSuperuser }: RoleInUse, isEmbedded: boolean): Finding {
  const what = isSuperuser ? "is a superuser" : "has BYPASSRLS";
  if (isEmbedded) {
    return {
      id: "login-bypasses",
      severity: "note",
      where: name,
      risk: "An embedded database has one login, a superuser. A transaction that dropped to a role can reset it: policies are a guard rail there, and no boundary.",
      mend: "Where tenants must be kept apart from hostile SQL, use a server.",
      sql: [],
    };
  }
  return {
    id: "login-bypasses",
    severity: "error",
    where: name,
    risk: `This login ${what}: no policy holds it. Where an app uses it, one query without a condition shows every org.`,
    mend: "Have apps log in as a role of their own, and look again as that; a login for administration may stay as it is.",
    sql: isSuperuser ? [] : [`alter role ${roleSql(name)} nobypassrls`],
  };
}

function unheldRole({ name, isSuperuser, isBecome }: RoleInUse): Finding {
  const who = isBecome ? "Who logs in here may become this role, which" : "The role works on the estate and";
  return {
    id: "role-bypasses",
    severity: "error",
    where: name,
    risk: `${who} ${isSuperuser ? "is a superuser" : "has BYPASSRLS"}: no policy holds it.`,
    mend: "Take that away from it.",
    sql: [dropped(name, isSuperuser)],
  };
}

function unheldOther({ name, isSuperuser }: RoleInUse): Finding {
  return {
    id: "role-bypasses",
    severity: "warning",
    where: name,
    risk: `It may use tables of tenants, and ${isSuperuser ? "is a superuser" : "has BYPASSRLS"}: whoever works as it sees the rows of every org.`,
    mend: "Take that away from it; where it is for backups or administration alone, accept this by its name.",
    sql: [dropped(name, isSuperuser)],
  };
}

function dropped(name: string, isSuperuser: boolean): string {
  return `alter role ${roleSql(name)}${isSuperuser ? " nosuperuser" : ""} nobypassrls`;
}

/** Given to the role that owns the estate, which nobody logs in as. */
function ownership(
  { name }: RoleInUse,
  tables: readonly OwnTable[],
  names: Patient["names"],
): readonly Finding[] {
  const heir = names?.roles.mode === "separate" ? names.roles.owner : null;
  return tables.map(({ name: table, isPartition }) => ({
    id: "works-as-owner",
    severity: "warning",
    where: `${table} by ${name}`,
    risk: isPartition
      ? "Who owns a partition reads it by its own name, past the policies of its table."
      : "Who owns a table can turn its row-level security off.",
    mend: "Let a role own it that nobody logs in as, and grant what is needed to work with it.",
    sql:
      heir === null ? [] : [`alter table ${table} owner to ${heir}`, ...regranted(table, name, isPartition)],
  }));
}

/** A partition is used by way of its table. */
function regranted(table: string, name: string, isPartition: boolean): readonly string[] {
  return isPartition ? [] : [`grant select, insert, update, delete on ${table} to ${roleSql(name)}`];
}
