import type { Kind } from "../model/kinds.ts";
import type { Path } from "../model/state.ts";
import type { Value } from "../model/value.ts";

/** All changes from one actual revision, in order. It has no unknowns: new rows already have their ids. */
export interface Plan {
  readonly kind: "plan";
  /** The one point in time that everything in it was decided for. */
  readonly now: string;
  readonly base: PlanBase;
  /** The id behind every key of the catalog, to which the orgs' rows refer. */
  readonly catalogIds: ReadonlyMap<Kind, ReadonlyMap<string, string>>;
  /** The catalog first, then the orgs by slug; only those with changes. */
  readonly scopes: readonly ScopePlan[];
  /** What stops it, each by name. An apply refuses while there is one. */
  readonly findings: readonly Finding[];
  readonly orgCount: number;
}

/** What the plan was made from, and what apply finds again before it writes. */
export interface PlanBase {
  readonly epoch: string;
  readonly revision: number;
  /** The counter of every scope that was read, by org id. */
  readonly counters: ReadonlyMap<string, number>;
}

export interface ScopePlan {
  readonly org: string | null;
  readonly orgId: string;
  /** Sorted for reading: by label, then key. Writing orders by kind. */
  readonly changes: readonly Change[];
  /** The id behind every key of the scope, so that references can be written. */
  readonly ids: ReadonlyMap<Kind, ReadonlyMap<string, string>>;
}

export type Change = Create | Update | Delete;

interface Changed {
  readonly kind: Kind;
  readonly id: string;
  readonly key: string;
  /** Where the manifest declares it; null where none does. */
  readonly path: Path | null;
  /** The resource that views show it with. */
  readonly partOf: { readonly kind: Kind; readonly key: string } | null;
}

export interface Create extends Changed {
  readonly action: "create";
  /** Every field; references are keys. */
  readonly after: Readonly<Record<string, Value>>;
  readonly managed: readonly string[];
}

export interface Update extends Changed {
  readonly action: "update";
  readonly fields: readonly FieldChange[];
  readonly managedBefore: readonly string[] | null;
  /** Null lets go of the row. */
  readonly managed: readonly string[] | null;
}

export interface Delete extends Changed {
  readonly action: "delete";
  /** Every field that it has; references are keys. */
  readonly before: Readonly<Record<string, Value>>;
}

export interface FieldChange {
  readonly field: string;
  readonly before: Value;
  readonly after: Value;
}

/** A reason not to apply. */
export interface Finding {
  readonly code: FindingCode;
  /** The address that it is about; with the code it is what `--allow` names. */
  readonly subject: string;
  readonly message: string;
  readonly help: string;
  readonly at: { readonly org: string | null; readonly path: Path } | null;
}

/** Every reason there is, closed. */
export type FindingCode =
  | "undeclared-org"
  | "undeclared-workspace"
  | "protected"
  | "not-archived"
  | "dropped-section"
  | "rename-clash"
  | "role-in-use"
  | "still-used"
  | "plan-version-in-use";
