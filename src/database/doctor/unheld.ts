import { type Form, formOf } from "./one-org-form.ts";
import type { Patient } from "./patient.ts";

/** A policy as it concerns one role that has rights on its table. */
interface Concerning {
  readonly isPermissive: boolean;
  readonly command: string;
  readonly using: string | null;
  readonly check: string | null;
}

/** For whom it is so, by name; none where nobody is held badly. */
export interface Unheld {
  /** Roles that see several orgs. */
  readonly open: readonly string[];
  /** Roles that restrictive policies hold in a form that could not be judged. */
  readonly unjudged: readonly string[];
}

/**
 * Of tables with row-level security, by oid, those that some role may use and see several orgs in, or might. Who goes past
 * policies altogether is no concern here, nor are the estate's own roles on the estate's own tables.
 */
export async function findUnheld(
  { transaction, estate, working, names }: Patient,
  oids: readonly string[],
): Promise<ReadonlyMap<string, Unheld>> {
  const isSingle = names?.roles.mode === "single";
  const ownRoles = names && !isSingle ? working.filter((role) => !role.endsWith("app")) : [];
  const { rows } = await transaction.query<{
    oid: string;
    grantee: string;
    isEstates: boolean;
    policies: readonly Concerning[];
  }>(
    `select c.oid::text, coalesce(g.rolname, 'everybody') as grantee,
     c.relnamespace = (select oid from pg_namespace where nspname = $2) is true as "isEstates", (
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
  const unheld = new Map<string, Unheld>();
  for (const { oid, grantee, isEstates, policies } of rows) {
    const form = heldBy(policies, (text) => formOf({ text, isOneRoles: isSingle && isEstates }));
    if (form === "held") continue;
    const { open, unjudged } = unheld.get(oid) ?? { open: [], unjudged: [] };
    unheld.set(
      oid,
      form === "open" ? { open: [...open, grantee], unjudged } : { open, unjudged: [...unjudged, grantee] },
    );
  }
  return unheld;
}

type Judge = (expression: string) => Form;

/** Whether every command that a permissive policy opens is closed again but for one org. */
function heldBy(policies: readonly Concerning[], judge: Judge): Form {
  const opened = policies.filter(({ isPermissive }) => isPermissive).flatMap(commandsOf);
  const restrictive = policies.filter(({ isPermissive }) => !isPermissive);
  return worst(
    opened.map((command) =>
      best(
        restrictive
          .filter((policy) => commandsOf(policy).includes(command))
          .map((policy) => worst(expressionsFor(command, policy).map((one) => (one ? judge(one) : "open")))),
      ),
    ),
  );
}

function commandsOf({ command }: Concerning): readonly string[] {
  return command === "*" ? ["r", "a", "w", "d"] : [command];
}

/** What a policy asks of rows that a command finds, and of those that it leaves: the same, where nothing else is said. */
function expressionsFor(command: string, { using, check }: Concerning): readonly (string | null)[] {
  const left = check ?? using;
  if (command === "a") return [left];
  return command === "w" ? [using, left] : [using];
}

const fromBest: readonly Form[] = ["held", "unjudged", "open"];

function best(forms: readonly Form[]): Form {
  return fromBest.find((form) => forms.includes(form)) ?? "open";
}

function worst(forms: readonly Form[]): Form {
  return fromBest.findLast((form) => forms.includes(form)) ?? "held";
}
