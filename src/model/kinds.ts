import { catalogKinds } from "./catalog-kinds.ts";
import { commerceKinds } from "./commerce-kinds.ts";
import type { Field } from "./field.ts";
import { peopleKinds } from "./people-kinds.ts";
import { placeKinds } from "./place-kinds.ts";
import { settingKinds } from "./setting-kinds.ts";
import type { Value } from "./value.ts";

/**
 * Everything generic code knows of a kind of resource. Planner, writer, reader, ledger, audit and views
 * work from this table alone: a new kind is an entry here, its section in `manifest`, and a migration.
 */
export interface Descriptor {
  /** The word in its addresses: `acme/member/ana@acme.example`. Empty for the org itself. */
  readonly label: string;
  readonly tier: "catalog" | "org";
  /** The manifest's section that declares it; where that depends on the resource, from its fields. */
  readonly section: string | ((fields: Readonly<Record<string, Value>>) => string);
  readonly fields: Readonly<Record<string, Field>>;
  /** The fields that tell one from another within its org (or the catalog). None: there is at most one. */
  readonly identity: readonly string[];
  /** Its key, from the identity fields; references are keys. */
  readonly key: (fields: Readonly<Record<string, Value>>) => string;
  /** Set for what views show as a part of another resource: a role that a member holds, a member of a team. */
  readonly partOf?: Part;
  /** Fields that name the same one as its key does, where they are filled. */
  readonly aliases?: readonly string[];
  /** Absence from the manifests never deletes it. */
  readonly keptWhenAbsent?: true;
}

export interface Part {
  /** The reference fields one of which names the whole. */
  readonly fields: readonly string[];
  /** What the whole shows its parts as: `roles`. */
  readonly shownAs: string;
  /** One part in a word or two: `editor in web`. */
  readonly text: (fields: Readonly<Record<string, Value>>) => string;
}

export const kinds = { ...catalogKinds, ...placeKinds, ...peopleKinds, ...commerceKinds, ...settingKinds };

/** The name of a kind, which is also the name of its table. */
export type Kind = keyof typeof kinds;

export function descriptorOf(kind: Kind): Descriptor {
  return kinds[kind];
}

/** The section of the manifest that a resource is declared in. */
export function sectionOf(kind: Kind, fields: Readonly<Record<string, Value>>): string {
  const { section } = descriptorOf(kind);
  return typeof section === "string" ? section : section(fields);
}
