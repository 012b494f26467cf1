import type { Path } from "../model/state.ts";

/** What can go wrong with a database in a way that its user can do something about. */
export type DatabaseErrorCode =
  | "database-in-use"
  | "database-unreachable"
  | "schema-missing"
  | "schema-outdated"
  | "schema-newer"
  | "wrong-role-prefix"
  | "unusable-name"
  | "lock-held"
  | "plan-stale"
  | "change-refused"
  | "outcome-unknown";

/** Thrown for lost connections, locks, stale plans and the like. No message holds a password or a row's values. */
export abstract class DatabaseError extends Error {
  abstract readonly code: DatabaseErrorCode;
  override get name(): string {
    return this.constructor.name;
  }
}

/** Another process has the embedded database open. */
export class DatabaseInUse extends DatabaseError {
  readonly code = "database-in-use";
}

export class DatabaseUnreachable extends DatabaseError {
  readonly code = "database-unreachable";
}

export class SchemaMissing extends DatabaseError {
  readonly code = "schema-missing";
}

export class SchemaOutdated extends DatabaseError {
  readonly code = "schema-outdated";
}

/** The schema was migrated by a later version of Tenantry than this one. */
export class SchemaNewer extends DatabaseError {
  readonly code = "schema-newer";
}

/** The schema belongs to another role than the prefix says: going on would be with other rights than meant. */
export class WrongRolePrefix extends DatabaseError {
  readonly code = "wrong-role-prefix";
}

/** A schema or a role prefix that cannot be a name in the database. */
export class UnusableName extends DatabaseError {
  readonly code = "unusable-name";
}

/** Somebody else is in the way, and stayed there for as long as the lock timeout. */
export class LockHeld extends DatabaseError {
  readonly code = "lock-held";
}

/** The database is no more what the plan was made from. Nothing was written. */
export class PlanStale extends DatabaseError {
  readonly code = "plan-stale";
  /** What changed: an org's slug or `catalog`, or the address of a row where that is known. */
  readonly subjects: readonly string[];
  constructor(message: string, subjects: readonly string[] = []) {
    super(message);
    this.subjects = subjects;
  }
}

/** A constraint of the database refused the change. Nothing was written. */
export class ChangeRefused extends DatabaseError {
  readonly code = "change-refused";
  readonly constraint: string | null;
  readonly table: string | null;
  /** The row that broke it, where that can be told. */
  readonly address: string | null;
  /** Where that row is declared, as a path of its org's manifest or of the catalog. */
  readonly at: { readonly org: string | null; readonly path: Path } | null;
  constructor(message: string, about: Pick<ChangeRefused, "constraint" | "table" | "address" | "at">) {
    super(message);
    this.constraint = about.constraint;
    this.table = about.table;
    this.address = about.address;
    this.at = about.at;
  }
}

/** The answer to COMMIT was lost: it may have happened or not. The apply's id tells, see `findApply`. */
export class OutcomeUnknown extends DatabaseError {
  readonly code = "outcome-unknown";
}
