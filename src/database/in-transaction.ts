import pg from "pg";
import { defaultSchema } from "../model/database-name.ts";
import type { Database } from "./connect.ts";
import { SchemaMissing, SchemaNewer, SchemaOutdated, WrongRolePrefix } from "./database-error.ts";
import { searchPath } from "./names.ts";
import { type Role, separateRoles, singleRole, type WorkingRoles } from "./roles.ts";
import { schemaVersion } from "./schema-migrations.ts";
import { type Transaction, transact } from "./transaction.ts";

export interface TransactionOptions {
  /** `read committed` where nothing is said. */
  readonly isolation?: "read committed" | "repeatable read" | "serializable";
  readonly readOnly?: boolean;
  /** The one org that the app role sees. */
  readonly orgId?: string;
  /** For whom it writes, as the audit will say. */
  readonly actor?: string;
}

/**
 * Runs `work` in one transaction as one of the working roles, in UTC; an error rolls it back.
 * Throws `SchemaMissing`, `SchemaOutdated` or `SchemaNewer` where the schema is not this version's, and
 * `OutcomeUnknown` where the answer to COMMIT was lost.
 */
export async function inTransaction<T>(
  database: Database,
  role: Role,
  options: TransactionOptions,
  work: (transaction: Transaction) => Promise<T>,
): Promise<T> {
  const roles = await workingRoles(database);
  return transact(database, beginning(database, roles, role, options), work);
}

/** The roles that transactions work as; throws as `inTransaction` does where the schema is not this version's. */
export async function workingRoles(database: Database): Promise<WorkingRoles> {
  database.roles ??= await findRoles(database);
  return database.roles;
}

/** How a transaction begins. Everything is local to it, so that nothing sticks to a pooled connection. */
export function beginning(
  { schema }: Database,
  roles: WorkingRoles,
  role: Role,
  options: TransactionOptions,
): string {
  const mode = options.readOnly ? "read only" : "read write";
  const settings = [
    ["TimeZone", "UTC"],
    // Statements name tables without their schema.
    ["search_path", searchPath(schema)],
    // Statements over all kinds are long: to compile one took 14 s, and to run it 10 ms.
    ["jit", "off"],
    // Who was unplugged in mid-transaction must not keep its locks.
    ["idle_in_transaction_session_timeout", "60s"],
    ["tenantry.role", role],
    ["tenantry.org_id", options.orgId ?? ""],
    ["tenantry.actor", options.actor ?? ""],
  ].map(
    ([name = "", value = ""]) => `set_config(${pg.escapeLiteral(name)}, ${pg.escapeLiteral(value)}, true)`,
  );
  return `
    begin isolation level ${options.isolation ?? "read committed"} ${mode};
    ${roles.mode === "separate" ? `set local role ${roles[role]};` : ""}
    select ${settings.join(", ")}`;
}

/** Who owns the schema tells how it was set up; whether it is there, and of this version, is asked once. */
async function findRoles(database: Database): Promise<WorkingRoles> {
  const advice = "Run `tenantry migrate`.";
  const roles = await existingRoles(database);
  if (!roles) {
    // Where another name is meant than the usual one, it may be the name that is wrong.
    const schema = database.schema === defaultSchema ? "schema" : `schema "${database.schema}"`;
    throw new SchemaMissing(`${database.place} has no ${schema} yet. ${advice}`);
  }
  const version = await transact(
    database,
    beginning(database, roles, "runtime", { readOnly: true }),
    readVersion,
  );
  if (version < schemaVersion) {
    throw new SchemaOutdated(
      `The schema of ${database.place} is at ${version}, and ${schemaVersion} is needed. ${advice}`,
    );
  }
  if (version > schemaVersion) throw newer(database, version);
  return roles;
}

/**
 * The roles of the schema; null where there is none. Who owns it tells how it was set up. Throws `WrongRolePrefix` where
 * that is neither the prefix's owner nor the login itself: to work as the login instead would go past every policy.
 */
export async function existingRoles(database: Database): Promise<WorkingRoles | null> {
  const { rows } = await database.pool.query<{ owner: string; login: string }>(
    `select pg_get_userbyid(nspowner) as owner, current_user as login from pg_namespace where nspname = $1`,
    [database.schema],
  );
  const [found] = rows;
  if (!found) return null;
  if (found.owner === `${database.rolePrefix}owner`) return separateRoles(database.rolePrefix);
  if (found.owner === found.login) return singleRole(found.login);
  throw new WrongRolePrefix(
    `The schema ${database.schema} of ${database.place} belongs to the role ${found.owner}, and the role prefix is "${database.rolePrefix}". Say which it is: by --role-prefix, or by \`rolePrefix\` in code.`,
  );
}

export async function readVersion(transaction: Transaction): Promise<number> {
  const { rows } = await transaction.query<{ version: number }>(
    "select coalesce(max(number), 0)::int as version from migration",
  );
  return rows[0]?.version ?? 0;
}

export function newer(database: Database, version: number): SchemaNewer {
  return new SchemaNewer(
    `The schema of ${database.place} is at ${version}, made by a later version of Tenantry; this one knows ${schemaVersion}. Update Tenantry.`,
  );
}
