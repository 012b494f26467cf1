import { nearName } from "../../diagnostic/near-name.ts";
import type { Database } from "../connect.ts";
import { SchemaMissing } from "../database-error.ts";

/**
 * Throws `SchemaMissing` where the database does not have every schema of these names: one that is misspelt has no leak in
 * it, and would pass for one that was looked at.
 */
export async function requireSchemas({ pool, place }: Database, names: readonly string[]): Promise<void> {
  const { rows } = await pool.query<{ name: string }>("select nspname as name from pg_catalog.pg_namespace");
  const schemas = rows.map(({ name }) => name);
  const missing = names.filter((name) => !schemas.includes(name));
  if (missing.length === 0) return;
  throw new SchemaMissing(
    missing
      .map((name) => {
        const near = nearName(name, schemas);
        return `There is no schema ${name} in ${place}.${near ? ` Did you mean ${near}?` : ""}`;
      })
      .join("\n"),
  );
}
