import { descriptorOf } from "../../model/kinds.ts";
import { kindsInOrder } from "../../model/order.ts";
import { keepBooks, refuseTruncate } from "../migrations/keep-books.ts";
import type { Finding } from "./finding.ts";
import { estateOf, type Patient } from "./patient.ts";

/** The triggers by which the estate's books are kept: all of them there, and firing for everybody. */
export async function checkBookKeeping(patient: Patient): Promise<readonly Finding[]> {
  if (!patient.names) return [];
  const { transaction, estate } = patient;
  const { rows } = await transaction.query<{ table: string; triggers: { readonly [name: string]: string } }>(
    `select c.relname as table, coalesce(json_object_agg(t.tgname, t.tgenabled) filter (where t.tgname is not null), '{}') as triggers
     from pg_class c
     join pg_namespace n on n.oid = c.relnamespace
     left join pg_trigger t on t.tgrelid = c.oid and not t.tgisinternal
     where n.nspname = $1 and c.relkind = 'r'
     group by c.relname
     order by c.relname`,
    [estate],
  );
  const kinds = new Map<string, "catalog" | "org">(
    kindsInOrder.map((kind) => [kind, descriptorOf(kind).tier]),
  );
  return rows.flatMap(({ table, triggers }) => {
    const name = `${estateOf(patient)}.${table}`;
    const tier = kinds.get(table);
    const made = tier
      ? keepBooks(estateOf(patient), table, tier)
      : books.includes(table)
        ? refuseTruncate(estateOf(patient), table)
        : "";
    const wanted = [...made.matchAll(/create trigger (\w+)/g)].map(([, trigger]) => trigger as string);
    return [
      ...wanted.filter((trigger) => !(trigger in triggers)).map((trigger) => missing(name, trigger, made)),
      ...Object.entries(triggers)
        .filter(([, state]) => state !== "A")
        .map(([trigger]) => off(name, trigger)),
    ];
  });
}

const books = ["estate", "revision", "org_books", "audit", "change_set"];

const unseen = "What is written there is in no audit, and is told by no plan as drift.";

function off(table: string, trigger: string): Finding {
  return {
    id: "trigger-off",
    severity: "error",
    where: `${trigger} on ${table}`,
    risk: unseen,
    mend: "Have it fire always; then look with `tenantry plan --refresh` for what was written in the meantime.",
    sql: [`alter table ${table} enable always trigger ${trigger}`],
  };
}

/** Made as the migration makes it. */
function missing(table: string, trigger: string, made: string): Finding {
  const statements = made.split(";").map((statement) => statement.trim());
  return {
    id: "trigger-missing",
    severity: "error",
    where: `${trigger} on ${table}`,
    risk: unseen,
    mend: "Make it again; then look with `tenantry plan --refresh` for what was written in the meantime.",
    sql: statements.filter((statement) => new RegExp(`trigger ${trigger}\\b`).test(statement)),
  };
}
