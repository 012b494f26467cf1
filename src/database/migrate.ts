import type { Database } from "./connect.ts";
import { LockHeld } from "./database-error.ts";
import { existingRoles, newer, readVersion } from "./in-transaction.ts";
import { advisoryLock, limitLocks, lockHolders } from "./lock-holders.ts";
import type { Migration, SchemaNames } from "./migrations/migration.ts";
import { schemaNames, searchPath } from "./names.ts";
import { separateRoles, singleRole, type WorkingRoles } from "./roles.ts";
import { schemaMigrations, schemaVersion } from "./schema-migrations.ts";
import { sqlState, sqlStateOf } from "./sql-state.ts";
import { type Transaction, transact } from "./transaction.ts";

export interface Migrated {
  /** What was done now; empty where the schema was as it should be. */
  readonly applied: readonly { readonly number: number; readonly name: string }[];
  readonly version: number;
  /** `single` where the login may not create roles: everything then works as one role, which is weaker. */
  readonly mode: WorkingRoles["mode"];
}

/**
 * Brings the schema to this version, in one transaction. Of several at once one does it, and the others find
 * it done. Throws `SchemaNewer` where a later version of Tenantry was here, and `LockHeld` where somebody stays in the
 * way for as long as the lock timeout: any role of the database may take the lock that migrations take.
 */
export async function migrate(database: Database, lockTimeout = 30_000): Promise<Migrated> {
  const roles = (await existingRoles(database)) ?? (await makeRoles(database));
  const names = schemaNames(database.schema, roles);
  const lock = `${database.schema}.migrate`;
  const migrated = await transact(
    database,
    `begin isolation level read committed; set local search_path = ${searchPath(database.schema)}`,
    async (transaction) => {
      await limitLocks(transaction, lockTimeout);
      // Waited for in a statement of its own: what follows then sees what the holder before did.
      await transaction.query("select pg_advisory_xact_lock(hashtextextended($1, 0))", [lock]);
      await makeSchema(transaction, names);
      const version = await readVersion(transaction);
      if (version > schemaVersion) throw newer(database, version);
      const due = schemaMigrations.slice(version);
      for (const migration of due) await run(transaction, migration, names);
      return due.map(({ number, name }) => ({ number, name }));
    },
  ).catch(async (error) => {
    if (sqlStateOf(error) !== sqlState.lockNotAvailable) throw error;
    const held = await lockHolders(database.pool, advisoryLock(lock));
    throw new LockHeld(`Somebody else is in the way of the migration: ${held}.`, { cause: error });
  });
  database.roles = roles;
  return { applied: migrated, version: schemaVersion, mode: roles.mode };
}

/** Which steps the schema has had. A database without one has had none. */
export async function migrationStatus(
  database: Database,
): Promise<{ readonly version: number; readonly pending: readonly Pick<Migration, "number" | "name">[] }> {
  const roles = await existingRoles(database);
  const version = roles
    ? await transact(
        database,
        `begin read only; set local search_path = ${searchPath(database.schema)}; ${setRole(roles)}`,
        readVersion,
      )
    : 0;
  const pending = schemaMigrations.slice(version).map(({ number, name }) => ({ number, name }));
  // Known now, so that the first transaction need not ask again.
  if (version === schemaVersion) database.roles = roles;
  return { version, pending };
}

/**
 * Makes the roles, before the schema and apart from it: roles belong to the whole cluster, and another
 * database's migration may be making the same ones. Where the login may not, it does all the work itself.
 */
async function makeRoles(database: Database): Promise<WorkingRoles> {
  const roles = separateRoles(database.rolePrefix);
  try {
    await transact(database, "begin", async (transaction) => {
      for (const role of [roles.owner, roles.apply, roles.runtime, roles.app]) {
        await transaction.query(`
          do $$
          begin
            create role ${role} nologin;
          exception when duplicate_object or unique_violation then null;
          end $$`);
        // A login that is no superuser can only become what it was granted, also of what it made itself.
        await transaction.query(`
          do $$
          begin
            if not pg_has_role(current_user, '${unquoted(role)}',
              case when current_setting('server_version_num')::int >= 160000 then 'SET' else 'MEMBER' end)
            then
              grant ${role} to current_user;
            end if;
          exception when duplicate_object or unique_violation then null;
          end $$`);
      }
    });
    return roles;
  } catch (error) {
    if (sqlStateOf(error) !== sqlState.insufficientPrivilege) throw error;
    const { rows } = await database.pool.query<{ login: string }>("select current_user as login");
    return singleRole(rows[0]?.login ?? "");
  }
}

function unquoted(role: string): string {
  return role.slice(1, -1).replaceAll('""', '"').replaceAll("'", "''");
}

async function makeSchema(transaction: Transaction, { roles, schema }: SchemaNames): Promise<void> {
  await transaction.query(`create schema if not exists ${schema} authorization ${roles.owner}`);
  await transaction.query(setRole(roles) || "select");
  await transaction.query(`
    create table if not exists ${schema}.migration (
      number integer primary key,
      name text not null,
      applied_at timestamptz not null default now()
    )`);
}

async function run(transaction: Transaction, migration: Migration, names: SchemaNames): Promise<void> {
  await transaction.query(migration.sql(names));
  await transaction.query("insert into migration (number, name) values ($1, $2)", [
    migration.number,
    migration.name,
  ]);
}

function setRole(roles: WorkingRoles): string {
  return roles.mode === "separate" ? `set local role ${roles.owner}` : "";
}
