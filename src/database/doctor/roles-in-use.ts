import { roleSql } from "../isolate/plan-isolation.ts";
import type { Finding } from "./finding.ts";
import { oidsOf, type Patient } from "./patient.ts";

interface RoleInUse {
  readonly name: string;
  readonly isSuperuser: boolean;
  readonly bypasses: boolean;
  /** The login may become it. */
  readonly isBecome: boolean;
  /** Of the tables that hold rows of tenants, those that are its own. */
  readonly owned: readonly string[];
}

/** Roles that work with rows of tenants, and that no policy holds: superusers, BYPASSRLS, and owners, who can turn it off. */
export async function checkRolesInUse(patient: Patient): Promise<readonly Finding[]> {
  const { transaction, login, working, tables, names } = patient;
  const isSingle = names?.roles.mode === "single";
  const owner = names ? names.roles.owner.replace(/^"(.*)"$/, "$1") : "";
  // Who owns the estate because it is the only role there is, is told of by a check of its own.
  const judged = tables.filter(({ isEstates }) => !(isEstates && isSingle));
  // What the login may become by SET ROLE, short of the roles of the estate, which its deployer needs.
  const becomes = `(r.oid <> 10 and r.rolname <> all($4) and exists (
       with recursive held (oid) as (
         select oid from pg_roles where rolname = $5 and not rolsuper
         union
         select m.roleid from pg_auth_members m join held on held.oid = m.member
       )
       select from held where held.oid = r.oid
     ))`;
  const { rows } = await transaction.query<RoleInUse>(
    `select r.rolname as name, ${becomes} as "isBecome", r.rolsuper as "isSuperuser", r.rolbypassrls as bypasses, (
       select coalesce(json_agg(format('%I.%I', n.nspname, c.relname) order by n.nspname, c.relname), '[]')
       from pg_class c join pg_namespace n on n.oid = c.relnamespace
       where c.oid = any($2::oid[]) and c.relowner = r.oid
     ) as owned
     from pg_roles r
     -- The first superuser is what it is, whatever it was granted.
     where r.rolname = any($1) or r.oid <> 10 and exists (
       with recursive member (oid) as (
         select oid from pg_roles where rolname = any($3)
         union
         select m.member from pg_auth_members m join member on member.oid = m.roleid
       )
       select from member where member.oid = r.oid
     ) or ${becomes}
     order by r.rolname`,
    [[login, ...working], oidsOf(judged), working, [...working, owner], login],
  );
  const isEmbedded = patient.engine === "pglite";
  return rows.flatMap((role) => {
    const isLogin = role.name === login;
    const isWorking = working.includes(role.name) && !isSingle;
    if (role.isSuperuser || role.bypasses) {
      return [isLogin ? unheldLogin(role, isEmbedded) : unheldRole(role)];
    }
    return isLogin || isWorking || role.isBecome ? ownership(role, names) : [];
  });
}

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
    sql: [`alter role ${roleSql(name)}${isSuperuser ? " nosuperuser" : ""} nobypassrls`],
  };
}

/** Given to the role that owns the estate, which nobody logs in as. */
function ownership({ name, owned }: RoleInUse, names: Patient["names"]): readonly Finding[] {
  const heir = names?.roles.mode === "separate" ? names.roles.owner : null;
  return owned.map((table) => ({
    id: "works-as-owner",
    severity: "warning",
    where: `${table} by ${name}`,
    risk: "Who owns a table can turn its row-level security off.",
    mend: "Let a role own it that nobody logs in as, and grant what is needed to work with it.",
    sql:
      heir === null
        ? []
        : [
            `alter table ${table} owner to ${heir}`,
            `grant select, insert, update, delete on ${table} to ${roleSql(name)}`,
          ],
  }));
}
