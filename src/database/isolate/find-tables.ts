import { nearName } from "../../diagnostic/near-name.ts";
import type { Transaction } from "../transaction.ts";

/** A table as somebody names it, found; or why it cannot be taken, as a sentence. */
export type Named =
  | { readonly kind: "table"; readonly oid: string }
  | { readonly kind: "fault"; readonly fault: string };

interface Relation {
  readonly oid: string;
  readonly schema: string;
  readonly name: string;
  /** As SQL writes it. */
  readonly sql: string;
  readonly relkind: "r" | "p" | "v" | "m" | "f";
}

/**
 * Finds tables by their names, with or without a schema, in the order of the names. What is not quoted may be written
 * in any case, as in SQL; what is written as the table is called needs no quotes.
 */
export async function findTables(
  transaction: Transaction,
  names: readonly string[],
): Promise<readonly Named[]> {
  const { rows: relations } = await transaction.query<Relation>(
    `select c.oid::text, n.nspname as schema, c.relname as name, format('%I.%I', n.nspname, c.relname) as sql, c.relkind
     from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
     where c.relkind in ('r', 'p', 'v', 'm', 'f') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'`,
  );
  const { rows } = await transaction.query<{ path: readonly string[] }>(
    "select array_to_json(pg_catalog.current_schemas(false)) as path",
  );
  const path = rows[0]?.path ?? [];
  return names.map((name) => find(name, relations, path));
}

function find(name: string, relations: readonly Relation[], path: readonly string[]): Named {
  const parts = partsOf(name);
  if (!parts) return fault(`"${name}" is no name of a table. Write table or schema.table.`);
  const table = parts.at(-1) as Part;
  const schemas = parts.length === 2 ? parts.slice(0, 1) : path.map((text) => ({ text, folded: text }));
  for (const { text, folded } of schemas) {
    const inSchema = relations.filter(({ schema }) => schema === text || schema === folded);
    const found =
      inSchema.find((relation) => relation.name === table.text) ??
      inSchema.find((relation) => relation.name === table.folded);
    if (found) return takeable(found);
  }
  return fault(`There is no table ${name}.${suggestion(table, relations)}`);
}

function takeable({ oid, sql, relkind }: Relation): Named {
  switch (relkind) {
    case "v":
      return fault(
        `${sql} is a view. Isolate the tables that it reads, and: alter view ${sql} set (security_invoker = true).`,
      );
    case "m":
      return fault(
        `${sql} is a materialized view, and row-level security cannot hold one. Isolate the tables that it reads, and let nobody read it who is to see one org.`,
      );
    case "f":
      return fault(`${sql} is a foreign table. Isolate the table that it stands for, where that is.`);
    default:
      return { kind: "table", oid };
  }
}

/** The same name in another schema, else one that is nearly written so. */
function suggestion({ text, folded }: Part, relations: readonly Relation[]): string {
  const elsewhere = relations.filter(({ name }) => name === text || name === folded);
  if (elsewhere.length > 0) return ` Did you mean ${elsewhere.map(({ sql }) => sql).join(" or ")}?`;
  const near = nearName(
    folded,
    relations.map(({ name }) => name),
  );
  const meant = relations.find(({ name }) => name === near);
  return meant ? ` Did you mean ${meant.sql}?` : "";
}

/** A name as it is written, and as SQL would read it. */
interface Part {
  readonly text: string;
  readonly folded: string;
}

function partsOf(name: string): readonly Part[] | null {
  const parts = name.match(/"(?:[^"]|"")+"|[^".]+|\.|"/g) ?? [];
  const names = parts.filter((_, index) => index % 2 === 0);
  const isWhole = parts.every((part, index) => (part === ".") === (index % 2 === 1) && part !== '"');
  if (!isWhole || parts.length % 2 === 0 || names.length > 2) return null;
  return names.map((part) => {
    if (!part.startsWith('"')) return { text: part, folded: part.toLowerCase() };
    const text = part.slice(1, -1).replaceAll('""', '"');
    return { text, folded: text };
  });
}

function fault(text: string): Named {
  return { kind: "fault", fault: text };
}
