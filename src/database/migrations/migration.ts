import type { WorkingRoles } from "../roles.ts";

/** One step of the schema. Steps are numbered without gaps, never edited once released, and never undone. */
export interface Migration {
  readonly number: number;
  readonly name: string;
  /** Lower-case SQL, run as the owner of the schema. */
  readonly sql: (roles: WorkingRoles) => string;
}
