import type { WorkingRoles } from "../roles.ts";

/** What a database's parts are called in it. */
export interface SchemaNames {
  readonly roles: WorkingRoles;
  /** The schema's name, as SQL writes it. */
  readonly schema: string;
  /** Where writers tell listeners of a new revision, as a literal. */
  readonly channel: string;
}

/** One step of the schema. Steps are numbered without gaps, never edited once released, and never undone. */
export interface Migration {
  readonly number: number;
  readonly name: string;
  /** Lower-case SQL, run as the owner of the schema. */
  readonly sql: (names: SchemaNames) => string;
}
