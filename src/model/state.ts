import type { FieldsOf } from "./field.ts";
import type { Kind } from "./kinds.ts";
import type { Value } from "./value.ts";

/** The way from the top of a manifest to one of its values: names of maps, indexes of lists. */
export type Path = readonly (string | number)[];

/** A resource as the manifests declare it. */
export interface Resource<K extends Kind = Kind> {
  readonly kind: K;
  /** Unique among its kind within its org, or within the catalog. */
  readonly key: string;
  /** Only the fields that the manifests own; a reference is its target's key. */
  readonly fields: Readonly<Record<string, Value>>;
  /** Keys that it had before, newest first. */
  readonly previously: readonly string[];
  /** Where its declaration stands in the manifest of its org, or in the catalog. */
  readonly path: Path;
}

/** Builds a resource and holds its fields to its kind's. */
export function resource<K extends Kind>(
  kind: K,
  declared: {
    readonly key: string;
    readonly path: Path;
    readonly previously?: readonly string[];
    readonly fields: Partial<FieldsOf<K>>;
  },
): Resource<K> {
  return {
    kind,
    key: declared.key,
    fields: declared.fields as Readonly<Record<string, Value>>,
    previously: declared.previously ?? [],
    path: declared.path,
  };
}

/** One org, or the catalog, as Git says it should be. */
export interface DesiredScope {
  /** The org's slug; null is the catalog. */
  readonly org: string | null;
  /** Slugs that the org had before. */
  readonly previously: readonly string[];
  readonly resources: readonly Resource[];
  /** The sections that some layer wrote; what is not written is not managed. */
  readonly sections: ReadonlySet<string>;
  /** Sections in which rows that nothing accounts for are removed; `all` also judges what invitations, joining and the app made. */
  readonly authoritative: ReadonlyMap<string, "unaccounted" | "all">;
  /** The sections that it lets go of: their rows stay, and are nobody's. */
  readonly released: ReadonlySet<string>;
}

/** What Git says: one catalog, and orgs sorted by slug. */
export interface DesiredState {
  readonly catalog: DesiredScope;
  readonly orgs: readonly DesiredScope[];
}

/** How a row came to be. `unknown` is what was written by hand. */
export type Origin = "manifest" | "invitation" | "join" | "api" | "unknown";

/** A row of the database. */
export interface ActualRow {
  readonly id: string;
  readonly kind: Kind;
  /** Every field of its kind; a reference is its target's id. */
  readonly fields: Readonly<Record<string, Value>>;
  readonly origin: Origin;
  /** The fields that the manifests own; null where the row is not theirs. This is the ledger. */
  readonly managed: readonly string[] | null;
}

/** Who wrote to the database, as the database itself knows it. */
export interface Writer {
  /** The session user. */
  readonly login: string;
  readonly application: string | null;
  /** For whom, as the writer said: a claim, no proof. */
  readonly actor: string | null;
  readonly at: string;
}

/** One row's change by something other than an apply, since the last apply. */
export interface OutsideWrite {
  readonly kind: Kind;
  readonly rowId: string;
  readonly action: "insert" | "update" | "delete";
  /** The row as it was, in the form of `ActualRow`; null where there was none. */
  readonly before: ActualRow | null;
  readonly by: Writer;
}

/** One org's rows, or the catalog's, and the counter that moves whenever one of them does. */
export interface ActualScope {
  readonly org: string | null;
  /** The catalog goes by `catalogId`. */
  readonly orgId: string;
  readonly counter: number;
  readonly rows: ReadonlyMap<Kind, readonly ActualRow[]>;
  /** What something else wrote since the last apply, oldest first. */
  readonly writes: readonly OutsideWrite[];
}

/** What the database holds, all of it read in one snapshot. */
export interface ActualState {
  /** Names this database's history; another epoch is another estate. */
  readonly epoch: string;
  readonly revision: number;
  readonly catalog: ActualScope;
  readonly orgs: readonly ActualScope[];
}

/** Stands for the catalog where an org's id is wanted: in the books and in the audit. */
export const catalogId = "00000000-0000-0000-0000-000000000000";
