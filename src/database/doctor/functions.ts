import { roleSql } from "../isolate/plan-isolation.ts";
import type { Finding } from "./finding.ts";
import type { Patient } from "./patient.ts";

interface DefinerFunction {
  /** With its schema and arguments, as SQL writes it. */
  readonly name: string;
  readonly schema: string;
  readonly owner: string;
  readonly isTrigger: boolean;
  readonly isPinned: boolean;
  readonly callers: readonly string[];
}

/**
 * Functions that run with their owner's rights. A trigger function cannot be called, but whoever may execute it can hang it
 * on a temporary table. Only a superuser makes event triggers. What belongs to an extension is the extension's.
 */
export function checkFunctions(schemas: readonly string[]) {
  return async ({ transaction }: Patient): Promise<readonly Finding[]> => {
    const { rows } = await transaction.query<DefinerFunction>(
      `select format('%I.%I(%s)', n.nspname, p.proname, pg_get_function_identity_arguments(p.oid)) as name,
         quote_ident(n.nspname) as schema, pg_get_userbyid(p.proowner) as owner,
         p.prorettype = 'trigger'::regtype as "isTrigger",
         exists (select from unnest(p.proconfig) setting where setting like 'search\\_path=%') as "isPinned",
         case when p.prorettype = 'event_trigger'::regtype then '[]' else (
           select coalesce(json_agg(distinct coalesce(pg_get_userbyid(nullif(r.grantee, 0)), 'public')), '[]')
           from aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) r where r.grantee <> p.proowner
         ) end as callers
       from pg_proc p join pg_namespace n on n.oid = p.pronamespace
       where p.prosecdef and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
         and (cardinality($1::text[]) = 0 or n.nspname = any($1))
         and not exists (select from pg_depend d where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e')
       order by 1`,
      [schemas],
    );
    return rows.flatMap((one) => [
      ...(one.callers.length > 0 ? [executable(one)] : []),
      ...(one.isPinned ? [] : [unpinned(one)]),
    ]);
  };
}

function executable({ name, owner, isTrigger, callers }: DefinerFunction): Finding {
  const who = callers.join(", ");
  return {
    id: "definer-executable",
    severity: "warning",
    where: name,
    ...(isTrigger
      ? {
          risk: `It runs with the rights of ${owner}, and ${who} may hang it on a temporary table: what it reads is not held by their policies.`,
          mend: "Take the right to execute it away: the triggers that there are need none.",
        }
      : {
          risk: `It runs with the rights of ${owner}, and ${who} may call it: what it reads is not held by the caller's policies.`,
          mend: "Let it run with its caller's rights (security invoker), or take the right to call it away.",
        }),
    sql: [`revoke execute on routine ${name} from ${callers.map(roleSql).join(", ")}`],
  };
}

function unpinned({ name, schema, owner }: DefinerFunction): Finding {
  return {
    id: "definer-search-path",
    severity: "error",
    where: name,
    risk: `Its caller says where it looks for tables and functions, and so what runs with the rights of ${owner}.`,
    mend: "Pin its search path to the schemas that it uses, temporary tables last.",
    sql: [`alter routine ${name} set search_path = pg_catalog, ${schema}, pg_temp`],
  };
}
