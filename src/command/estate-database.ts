import { isAbsolute } from "node:path";
import type { OpenOptions } from "../database/connect.ts";
import type { EstateDeclaration } from "../manifest/read-estates.ts";
import { UsageError } from "./usage-error.ts";

/** Where an estate is kept, as the command line says it. */
export interface DatabaseChoice {
  readonly database?: string | undefined;
  readonly rolePrefix?: string | undefined;
  readonly schema?: string | undefined;
}

/**
 * Where the database is, and what its parts are called there: as the command line says, else the estate, else the
 * environment. An estate goes before the environment, whose DATABASE_URL is often another one's.
 * Throws `UsageError` for a database that is neither server nor directory, and where the estate's variable is not set.
 */
export function estateDatabase(
  given: DatabaseChoice,
  estate: EstateDeclaration | null,
  environment: NodeJS.ProcessEnv,
): Pick<OpenOptions, "url" | "directory" | "rolePrefix" | "schema"> {
  const { DATABASE_URL, TENANTRY_ROLE_PREFIX, TENANTRY_SCHEMA } = environment;
  return {
    ...whereabouts(given.database ?? (estate ? databaseOf(estate, environment) : DATABASE_URL)),
    rolePrefix: given.rolePrefix ?? estate?.rolePrefix ?? (TENANTRY_ROLE_PREFIX || undefined),
    schema: given.schema ?? estate?.schema ?? (TENANTRY_SCHEMA || undefined),
  };
}

function databaseOf({ name, database }: EstateDeclaration, environment: NodeJS.ProcessEnv): string {
  if ("directory" in database) return asDirectory(database.directory);
  const value = environment[database.env];
  if (!value) {
    throw new UsageError(
      `The environment variable ${database.env}, which names the database of the estate "${name}", is not set. Set it, or say which database with --database.`,
    );
  }
  if (isServer(value) || isAbsolute(value) || value.startsWith(".")) return value;
  // It may be a password, and is not repeated.
  throw new UsageError(
    `The environment variable ${database.env} of the estate "${name}" has to hold postgres://user@host/name, or a directory as ./data.`,
  );
}

/** `data` within a manifest is a directory, and needs no ./ to tell it from a mistyped URL. */
function asDirectory(directory: string): string {
  return /[\\/]/.test(directory) || directory.startsWith(".") ? directory : `./${directory}`;
}

const isServer = (database: string) => /^postgres(?:ql)?:\/\//.test(database);

/** A server is named by a URL; everything else is the directory of an embedded database. */
function whereabouts(database: string | undefined): { readonly url?: string; readonly directory?: string } {
  if (database === undefined || database === "") return {};
  if (isServer(database)) return { url: database };
  if (database.includes("://")) {
    throw new UsageError(
      "The database has to be a PostgreSQL server, postgres://user@host/name, or a directory.",
    );
  }
  if (!/[\\/]/.test(database) && !database.startsWith(".")) {
    throw new UsageError(
      `"${database}" is neither a server, postgres://user@host/name, nor a directory. If it is one, write ./${database}.`,
    );
  }
  return { directory: database };
}
