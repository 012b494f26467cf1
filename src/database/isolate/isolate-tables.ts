import { nearName } from "../../diagnostic/near-name.ts";
import type { Database } from "../connect.ts";
import { quotedSchema } from "../names.ts";
import { sqlState, sqlStateOf } from "../sql-state.ts";
import { type Transaction, transact } from "../transaction.ts";
import { findTables } from "./find-tables.ts";
import { type Isolation, planIsolation } from "./plan-isolation.ts";
import { type AppTable, readTables } from "./read-table.ts";

/** The tables, or the role, are not such that they could be isolated. Nothing was changed. */
export class CannotIsolate extends Error {
  readonly code = "cannot-isolate";
}

export interface IsolateOptions {
  /** Whom the policies hold; everybody where nothing is said. */
  readonly role?: string | undefined;
  readonly reference: boolean;
  /** Whether to carry it out, in one transaction. */
  readonly apply: boolean;
}

/**
 * Plans the isolation of the app's tables by name, as the login itself, and carries it out where that is asked for.
 * Throws `CannotIsolate` with every fault of every name.
 */
export async function isolateTables(
  database: Database,
  names: readonly string[],
  { role = "public", reference, apply }: IsolateOptions,
): Promise<readonly Isolation[]> {
  const begin = apply ? "begin; set local lock_timeout = '10s'" : "begin read only";
  try {
    return await transact(database, begin, async (transaction) => {
      const { oids, faults } = await lookFor(transaction, names);
      // From here on everything is written with its schema.
      await transaction.query("set local search_path = pg_catalog");
      const related = await relatedRoles(transaction, role);
      if (apply && faults.length === 0)
        await lock(transaction, await readTables(transaction, oids, database.schema));
      const tables = await readTables(transaction, oids, database.schema);
      refuse([...faults, ...tables.flatMap((table) => faultOf(table, database.schema) ?? [])]);
      if (reference) await checkEstate(transaction, database);
      const wanted = { role, related, reference, estate: quotedSchema(database.schema) };
      const isolations = tables.map((table) => planIsolation(table, wanted));
      if (apply) {
        for (const { steps } of isolations) {
          for (const { sql } of steps) await transaction.query(sql);
        }
      }
      return isolations;
    });
  } catch (error) {
    throw inWords(error);
  }
}

async function lookFor(
  transaction: Transaction,
  names: readonly string[],
): Promise<{ readonly oids: readonly string[]; readonly faults: readonly string[] }> {
  const found = await findTables(transaction, names);
  return {
    oids: [...new Set(found.flatMap((one) => (one.kind === "table" ? [one.oid] : [])))],
    faults: found.flatMap((one) => (one.kind === "fault" ? [one.fault] : [])),
  };
}

/** Of two who isolate the same table, the second finds it done. In one order, so that neither waits for the other. */
async function lock(transaction: Transaction, tables: readonly AppTable[]): Promise<void> {
  const names = tables.map(({ name }) => name).sort();
  await transaction.query(`lock table ${names.join(", ")} in access exclusive mode`);
}

/** The role itself, and those that have its rights or whose rights it has. */
async function relatedRoles(transaction: Transaction, role: string): Promise<readonly string[]> {
  if (role === "public") return [];
  const { rows } = await transaction.query<{ name: string; isRelated: boolean }>(
    `select r.rolname as name, r.oid = wanted.oid
       or (not wanted.rolsuper and pg_has_role(wanted.oid, r.oid, 'member'))
       or (not r.rolsuper and pg_has_role(r.oid, wanted.oid, 'member')) as "isRelated"
     from pg_roles r left join pg_roles wanted on wanted.rolname = $1`,
    [role],
  );
  const roles = rows.map(({ name }) => name);
  if (!roles.includes(role)) {
    const near = nearName(role, roles);
    refuse([`There is no role ${role}.${near ? ` Did you mean ${near}?` : ""}`]);
  }
  return rows.filter(({ isRelated }) => isRelated).map(({ name }) => name);
}

async function checkEstate(transaction: Transaction, { schema, place }: Database): Promise<void> {
  const { rows } = await transaction.query("select from pg_namespace where nspname = $1", [schema]);
  if (rows.length === 0) {
    refuse([`org_id cannot refer to orgs: ${place} has no schema ${schema}. Run \`tenantry migrate\`.`]);
  }
}

function faultOf({ name, schema, partitionOf, orgId }: AppTable, estate: string): string | null {
  if (schema === estate) return `${name} is the estate's own, and isolated by \`tenantry migrate\`.`;
  if (partitionOf !== null) return `${name} is a partition. Isolate ${partitionOf}.`;
  if (orgId === null) {
    return `${name} has no column org_id. Add one, and fill it: alter table ${name} add column org_id uuid`;
  }
  if (orgId !== "uuid") {
    return `org_id of ${name} is ${orgId}, and has to be uuid, as the ids of orgs are. If it holds such ids: alter table ${name} alter column org_id type uuid using org_id::text::uuid`;
  }
  return null;
}

function refuse(faults: readonly string[]): void {
  if (faults.length > 0) throw new CannotIsolate(faults.join("\n"));
}

/** What the server refused that somebody else can do something about. Its own message names tables and roles, and no values. */
function inWords(error: unknown): unknown {
  const said = error instanceof Error ? error.message : "";
  switch (sqlStateOf(error)) {
    case sqlState.insufficientPrivilege:
      return new CannotIsolate(
        `The database refused it: ${said}. Have it run by the table's owner: without --apply it is printed. Nothing was changed.`,
        { cause: error },
      );
    case sqlState.lockNotAvailable:
      return new CannotIsolate(
        "Somebody else works with the table, and did not end within 10 s. Nothing was changed.",
        { cause: error },
      );
    case "23503":
      return new CannotIsolate(
        `The database refused it: ${said}. There are rows whose org_id is of no org. Nothing was changed.`,
        { cause: error },
      );
    default:
      return error;
  }
}
