import { planIsolation } from "../isolate/plan-isolation.ts";
import { type AppTable, readTables } from "../isolate/read-table.ts";
import type { Finding } from "./finding.ts";
import { estateOf, type Patient } from "./patient.ts";
import { type Reference, selectReferences, tiedByOrg } from "./references.ts";

/** A foreign key of a table without org_id. */
interface Untied extends Reference {
  readonly oid: string;
  readonly targetOid: string;
  /** Whether the table that it refers to has org_id. */
  readonly isTargetTied: boolean;
  /** Whether every row refers to one. */
  readonly isRequired: boolean;
}

/**
 * Tables without org_id that belong to tenants all the same: they refer to a table that has it, or to another such. What
 * tables of tenants refer to is shared by all, and no concern here; nor is what the estate has for all orgs.
 */
export function checkNoOrgId(schemas: readonly string[]) {
  return async (patient: Patient): Promise<readonly Finding[]> => {
    const { transaction, estate } = patient;
    const hasOrgId = (table: string) =>
      `exists (select from pg_attribute a where a.attrelid = ${table}.oid and a.attname = 'org_id' and not a.attisdropped)`;
    const { rows } = await transaction.query<Untied>(
      `${selectReferences(`, c.oid::text, t.oid::text as "targetOid", ${hasOrgId("t")} as "isTargetTied",
         (select bool_and(a.attnotnull) from pg_attribute a where a.attrelid = c.oid and a.attnum = any(k.conkey)) as "isRequired"`)}
       where k.contype = 'f' and k.conparentid = 0 and not c.relispartition and n.nspname <> $1
         and (cardinality($2::text[]) = 0 or n.nspname = any($2)) and not ${hasOrgId("c")}
       order by 1, not k.confrelid = any($3::oid[]), k.conname`,
      [estate, schemas, patient.tables.map(({ oid }) => oid)],
    );
    const ways = waysToTenants(rows);
    const details = await readTables(
      transaction,
      ways.map(({ oid }) => oid),
      estate,
    );
    return ways.flatMap((way, index) => findingOn(way, details[index] as AppTable, patient));
  };
}

/** For each table the foreign key by which its rows get their org; first what others get it from. */
function waysToTenants(references: readonly Untied[]): readonly Untied[] {
  const ways = new Map<string, Untied>();
  for (let before = -1; before < ways.size; ) {
    before = ways.size;
    for (const reference of references) {
      if (ways.has(reference.oid)) continue;
      if (reference.isTargetTied || ways.has(reference.targetOid)) ways.set(reference.oid, reference);
    }
  }
  return [...ways.values()];
}

/** Where nothing is permitted, policies let nothing through. */
function findingOn(way: Untied, detail: AppTable, patient: Patient): readonly Finding[] {
  const { table, target } = way;
  const { isEnabled, policies } = detail;
  if (isEnabled && !policies.some(({ isPermissive }) => isPermissive)) return [];
  const { steps } = planIsolation(
    { ...detail, orgId: "uuid" },
    { role: "public", related: [], reference: false, estate: estateOf(patient) },
  );
  const isolated = steps.map(({ sql }) => sql);
  const ofOrg = way.columns[way.targetColumns.indexOf("org_id")];
  return [
    {
      id: "no-org-id",
      severity: isEnabled ? "warning" : "error",
      where: table,
      risk: isEnabled
        ? `Its rows belong to those of ${target}, and it has no org_id: whether its own policies tell orgs apart could not be judged.`
        : `Its rows belong to those of ${target}, and it has no org_id: whoever may read the table sees the rows of every org.`,
      ...(ofOrg
        ? {
            mend: `Call its ${ofOrg} org_id, and isolate it; then look again, for its keys.`,
            sql: [`alter table ${table} rename column ${ofOrg} to org_id`, ...isolated],
          }
        : {
            mend: "Give it org_id, filled by a role that sees every org, and isolate it; then look again, for its keys.",
            sql: [...filled(way), ...isolated, ...tiedByOrg(way)],
          }),
    },
  ];
}

/** Each row gets the org of what it refers to. */
function filled({ table, target, columns, targetColumns, isRequired }: Untied): readonly string[] {
  const isSame = columns.map((column, place) => `own.${column} = their.${targetColumns[place]}`);
  return [
    `alter table ${table} add column org_id uuid`,
    `update ${table} own set org_id = their.org_id from ${target} their where ${isSame.join(" and ")}`,
    ...(isRequired ? [`alter table ${table} alter column org_id set not null`] : []),
  ];
}
