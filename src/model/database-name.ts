/** What is wrong with a name for a schema, as a sentence; null where nothing is. */
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

export const defaultSchema = "tenantry";

export const defaultRolePrefix = "tenantry_";

function nameFault(subject: string, name: string, most: number): string | null {
  if (/^[a-z_][a-z0-9_]*$/.test(name) && name.length <= most) return null;
  return `${subject} has to be 1 to ${most} of a-z, 0-9 and _, and begin with no digit.`;
}
