import pg from "pg";
import type { Finding } from "./finding.ts";
import { oidsOf, type Patient } from "./patient.ts";
import { reading } from "./views.ts";

interface Rule {
  readonly name: string;
  readonly relation: string;
  readonly owner: string;
}

/**
 * Rules on INSERT, UPDATE or DELETE that work with tables of tenants: with the rights of the owner of what they are on, be
 * that a view with its caller's rights. Each names its own table, as OLD and NEW; what else it says is in its text.
 */
export async function checkRules({ transaction, tables }: Patient): Promise<readonly Finding[]> {
  const { rows } = await transaction.query<Rule>(
    `with recursive ${reading}
     select distinct rule.rulename as name, on_this.name as relation, pg_get_userbyid(c.relowner) as owner
     from pg_rewrite rule
     join pg_class c on c.oid = rule.ev_class
     join pg_namespace n on n.oid = c.relnamespace
     cross join lateral (select format('%I.%I', n.nspname, c.relname) as name) on_this
     cross join lateral (select pg_get_ruledef(rule.oid) as text) made
     join pg_depend d on d.classid = 'pg_rewrite'::regclass and d.objid = rule.oid and d.refclassid = 'pg_class'::regclass
     join reading on reading.oid = d.refobjid
     where rule.ev_type <> '1' and (
       reading.oid <> c.oid
       -- After the place where it says what it is on.
       or strpos(substr(made.text, strpos(made.text, ' TO ' || on_this.name) + 4 + length(on_this.name)), on_this.name) > 0
     )
     order by 2, 1`,
    [oidsOf(tables)],
  );
  return rows.map(finding);
}

function finding({ name, relation, owner }: Rule): Finding {
  const rule = pg.escapeIdentifier(name).replace(/^"([a-z_]+)"$/, "$1");
  return {
    id: "rule-as-owner",
    severity: "error",
    where: `${rule} on ${relation}`,
    risk: `It works with tables of tenants with the rights of ${owner}, whosever statement it rewrites.`,
    mend: "Drop it; a trigger function that runs with its caller's rights can do the same.",
    sql: [`drop rule ${rule} on ${relation}`],
  };
}
