import type { Kind } from "../model/kinds.ts";
import type { Origin, Path, Writer } from "../model/state.ts";
import type { Value } from "../model/value.ts";
import type { Baseline } from "./baseline.ts";

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
  /** What would have stopped it, and was let pass by name. */
  readonly allowed: readonly Finding[];
  /** What a reader should know and nothing stops for. */
  readonly notes: readonly Note[];
  /** How near each brake is. */
  readonly headroom: readonly Headroom[];
  /** How many orgs the manifests declare. */
  readonly orgCount: number;
  readonly looked: Looked;
  /** What apply notes of the scopes that were looked at. */
  readonly baselines: readonly Baseline[];
}

/** What a plan was made of. */
export interface Looked {
  /** Orgs of which every row was read, and why: a file changed, rows did, time has come, everything is looked at. */
  readonly orgs: number;
  readonly because: Readonly<Record<"source" | "rows" | "due" | "catalog" | "refresh", number>>;
  /** Sections of the orgs that were looked at which no manifest writes. */
  readonly unmanagedSections: number;
  /** Orgs that were not looked at in which something lapses or begins within 30 days. */
  readonly dueElsewhere: number;
}

export interface Note {
  readonly subject: string;
  readonly message: string;
  readonly at: { readonly org: string | null; readonly path: Path } | null;
}

/** Removals of one org's rows of a kind, or of the whole estate's, against what the brake lets pass. */
export interface Headroom {
  /** An org, or "catalog"; null: the whole estate. */
  readonly org: string | null;
  readonly kind: Kind | null;
  readonly removals: number;
  readonly of: number;
  /** A share from 0 to 1. */
  readonly limit: number;
}

/** What the plan was made from, and what apply finds again before it writes. */
export interface PlanBase {
  readonly epoch: string;
  readonly revision: number;
  /** How often an apply had noted what it looked at; not said by plans that note nothing. */
  readonly noted?: number;
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
  /** Who took the row away that the manifests had made; null where there was none. */
  readonly drift: Writer | null;
  /** Every field; references are keys. */
  readonly after: Readonly<Record<string, Value>>;
  /** Null only where a row comes back that the manifests did not own. */
  readonly managed: readonly string[] | null;
  /** How the row came to be; `manifest` where nothing is said. */
  readonly origin?: Origin;
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
  /** Who made the row, since the last apply and past the manifests; null where nobody did. */
  readonly drift: Writer | null;
  /** Every field that it has; references are keys. */
  readonly before: Readonly<Record<string, Value>>;
}

export interface FieldChange {
  readonly field: string;
  readonly before: Value;
  readonly after: Value;
  /** Set where somebody else changed it since the last apply; null where only Git did. */
  readonly drift: FieldDrift | null;
}

export interface FieldDrift {
  /** What was last applied. */
  readonly applied: Value;
  /** Who made it what it is. */
  readonly by: Writer;
}

/** A reason not to apply. */
export interface Finding {
  readonly code: FindingCode;
  /** The address that it is about; with the code it is what `--allow` names. */
  readonly subject: string;
  readonly message: string;
  readonly help: string;
  /** Whether `--allow` can let it pass once. */
  readonly canPass: boolean;
  readonly at: { readonly org: string | null; readonly path: Path } | null;
}

/** Every reason there is, closed. */
export type FindingCode =
  | "undeclared-org"
  | "undeclared-workspace"
  | "protected"
  | "owned-elsewhere"
  | "not-archived"
  | "dropped-section"
  | "rename-clash"
  | "role-in-use"
  | "still-used"
  | "plan-version-in-use"
  | "max-removals"
  | "at-least"
  | "no-sign-in"
  | "over-limit"
  | "slug-buried"
  | "purge"
  | "failing-test"
  | "revert-conflict";
