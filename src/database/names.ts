import pg from "pg";
import { UnusableName } from "./database-error.ts";
import type { SchemaNames } from "./migrations/migration.ts";
import { defaultRolePrefix, type WorkingRoles } from "./roles.ts";

/** What tells one estate's parts from another's: its schema in a database, its roles in the whole cluster. */
export interface EstateNames {
  readonly schema: string;
  readonly rolePrefix: string;
}

export const defaultSchema = "tenantry";

/** The names that were asked for, else the usual ones. Throws `UnusableName` for one that would not do. */
export function estateNames(asked: {
  readonly schema?: string | undefined;
  readonly rolePrefix?: string | undefined;
}): EstateNames {
  const { schema = defaultSchema, rolePrefix = defaultRolePrefix } = asked;
  const fault = schemaFault(schema) ?? rolePrefixFault(rolePrefix);
  if (fault !== null) throw new UnusableName(fault);
  return { schema, rolePrefix };
}

/** What is wrong with a schema's name, as a sentence; null where nothing is. */
export function schemaFault(schema: string): string | null {
  if (/^pg_|^(?:public|information_schema)$/.test(schema)) {
    return `The schema cannot be called "${schema}": PostgreSQL uses that name itself.`;
  }
  return nameFault(`The schema's name "${schema}"`, schema, 63);
}

/** The same for what the names of the roles begin with; PostgreSQL cuts names off at 63 bytes. */
export function rolePrefixFault(prefix: string): string | null {
  if (prefix.startsWith("pg_"))
    return `The role prefix cannot be "${prefix}": PostgreSQL keeps pg_ for itself.`;
  return nameFault(`The role prefix "${prefix}"`, prefix, 63 - "runtime".length);
}

/** A schema's name as SQL writes it. The usual one is bare, as it always was: functions keep their text. */
export function quotedSchema(schema: string): string {
  return schema === defaultSchema ? schema : pg.escapeIdentifier(schema);
}

/** How statements find the tables. Last and said, because a temporary table would else go first. */
export function searchPath(schema: string): string {
  return `${quotedSchema(schema)}, pg_temp`;
}

/** What migrations write into their SQL. The channel has the schema's name, so that estates are told apart. */
export function schemaNames(schema: string, roles: WorkingRoles): SchemaNames {
  return { roles, schema: quotedSchema(schema), channel: pg.escapeLiteral(schema) };
}

function nameFault(subject: string, name: string, most: number): string | null {
  if (/^[a-z_][a-z0-9_]*$/.test(name) && name.length <= most) return null;
  return `${subject} has to be 1 to ${most} of a-z, 0-9 and _, and begin with no digit.`;
}
