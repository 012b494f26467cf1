import type { Patient } from "./patient.ts";

/** A policy as it concerns one role that has rights on its table. */
interface Concerning {
  readonly isPermissive: boolean;
  readonly command: string;
  readonly using: string | null;
  readonly check: string | null;
}

/**
 * Of tables with row-level security, those that some role may use and see several orgs in, with the names of the roles. Who
 * goes past policies altogether is no concern here, nor are the estate's own roles on the estate's own tables.
 */
export async function findUnheld(
  { transaction, estate, working, names }: Patient,
  oids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const ownRoles = names?.roles.mode === "separate" ? working.filter((role) => !role.endsWith("app")) : [];
  const { rows } = await transaction.query<{ oid: string; grantee: string; policies: readonly Concerning[] }>(
    `select c.oid::text, coalesce(g.rolname, 'public') as grantee, (
       select coalesce(json_agg(json_build_object(
         'isPermissive', p.polpermissive, 'command', p.polcmd,
         'using', pg_get_expr(p.polqual, p.polrelid), 'check', pg_get_expr(p.polwithcheck, p.polrelid)
       )), '[]')
       from pg_policy p
       where p.polrelid = c.oid and exists (
         select from unnest(p.polroles) role
         where role = 0 or (rights.grantee <> 0 and pg_has_role(rights.grantee, role, 'usage'))
       )
     ) as policies
     from pg_class c
     cross join lateral (
       select grantee from aclexplode(coalesce(c.relacl, acldefault('r', c.relowner)))
       union
       select held.grantee from pg_attribute a cross join lateral aclexplode(a.attacl) held where a.attrelid = c.oid
       union
       -- Policies for everybody are judged as well where nobody has rights yet.
       select 0
     ) rights
     left join pg_roles g on g.oid = rights.grantee
     where c.oid = any($1::oid[])
       and not coalesce(g.rolsuper or g.rolbypassrls, false)
       and not (c.relnamespace = (select oid from pg_namespace where nspname = $2)
         and (rights.grantee = c.relowner or g.rolname = any($3)))
     order by 1, 2`,
    [oids, estate, ownRoles],
  );
  const unheld = new Map<string, string>();
  for (const { oid, grantee, policies } of rows) {
    if (isHeld(policies)) continue;
    const who = grantee === "public" ? "everybody" : grantee;
    unheld.set(oid, unheld.has(oid) ? `${unheld.get(oid)}, ${who}` : who);
  }
  return unheld;
}

/** Whether every command that a permissive policy opens is closed again but for one org. */
function isHeld(policies: readonly Concerning[]): boolean {
  const opened = policies.filter(({ isPermissive }) => isPermissive);
  const closed = new Set(
    policies.filter((policy) => !policy.isPermissive && tiesOrg(policy)).flatMap(commandsOf),
  );
  return opened.flatMap(commandsOf).every((command) => closed.has(command));
}

function commandsOf({ command }: Concerning): readonly string[] {
  return command === "*" ? ["r", "a", "w", "d"] : [command];
}

/**
 * Whether an expression compares org_id with something that differs from transaction to transaction, and lets nothing
 * else pass: what stands behind an OR may be true of every org. Where one role does all the work, the estate's own policy
 * has one, for what it says it works as.
 */
function tiesOrg({ using, check }: Concerning): boolean {
  return [using, check].every(
    (expression) =>
      expression === null ||
      (/\borg_id\b/.test(expression) &&
        /\w\(|\b(?:current|session)_user\b/i.test(expression) &&
        (!/\bOR\b/.test(expression) || expression.includes("current_setting('tenantry.role'"))),
  );
}
