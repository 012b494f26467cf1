import pg from "pg";
import { defaultRolePrefix, defaultSchema, rolePrefixFault, schemaFault } from "../model/database-name.ts";
import { UnusableName } from "./database-error.ts";
import type { SchemaNames } from "./migrations/migration.ts";
import type { WorkingRoles } from "./roles.ts";

/** What tells one estate's parts from another's: its schema in a database, its roles in the whole cluster. */
export interface EstateNames {
  readonly schema: string;
  readonly rolePrefix: string;
}

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
