import type { OrgRows } from "../decision/compile-org.ts";
import type { Complete } from "../decision/complete.ts";
import type { Field } from "../model/field.ts";
import { descriptorOf, type Kind } from "../model/kinds.ts";
import { kindsInOrder } from "../model/order.ts";
import type { Resource } from "../model/state.ts";
import { canonicalTime, type Value } from "../model/value.ts";
import { columnOf } from "./column.ts";
import { decisionFields, decisionKinds } from "./decision-fields.ts";
import { readCatalogRows } from "./read-rows.ts";
import type { Transaction } from "./transaction.ts";

/** The keys behind the ids of rows. */
export type KeysOfRows = ReadonlyMap<string, string>;

/** The catalog as decisions are compiled from it, and the keys that orgs' rows refer to. */
export async function readDecisionCatalog(
  transaction: Transaction,
): Promise<{ readonly resources: readonly Resource[]; readonly keys: KeysOfRows }> {
  const keys = new Map<string, string>();
  const resources: Resource[] = [];
  const byKind = await readCatalogRows(transaction);
  for (const kind of kindsInOrder) {
    const { fields: described, key: keyOf } = descriptorOf(kind);
    for (const { id, fields: stored } of byKind.get(kind) ?? []) {
      const fields: Record<string, Value> = { ...stored };
      for (const [name, { type }] of Object.entries(described)) {
        if (type === "reference") fields[name] = keys.get(String(stored[name])) ?? null;
      }
      const key = keyOf(fields);
      keys.set(id, key);
      resources.push({ kind, key, fields, previously: [], path: [] });
    }
  }
  return { resources, keys };
}

/** An org that is to be read. */
export interface OrgToRead {
  readonly id: string;
  readonly slug: string;
}

/** What the database answered of some orgs, not yet taken apart. */
export interface PackedOrgs {
  readonly orgs: readonly OrgToRead[];
  readonly rows: ReadonlyMap<Kind, PackedRows>;
}

/**
 * Reads what decisions about some orgs are made from. One statement, and one value a kind: a result row an org would
 * take longer, and an array a row three times as long as one a column.
 */
export async function readDecisionRows(
  transaction: Transaction,
  orgs: readonly OrgToRead[],
): Promise<PackedOrgs> {
  const { rows } = await transaction.query<{ kind: Kind; packed: PackedRows }>(everyKind, [
    orgs.map(({ id }) => id),
  ]);
  return { orgs, rows: new Map(rows.map(({ kind, packed }) => [kind, packed])) };
}

/** The rows of each org, in the order of the orgs; references are keys, and what nobody said is the documented default. */
export function unpackOrgs({ orgs, rows }: PackedOrgs, catalogKeys: KeysOfRows): OrgRows[] {
  const keys = new Map<string, string>();
  const memberIds = orgs.map(() => new Map<string, string>());
  const found = orgs.map((): RowsByKind => new Map());
  for (const [kind, { complete, refersToItsKind, isReferredTo }] of readings) {
    const packed = rows.get(kind);
    const [places, ids] = packed ?? [];
    if (!packed || !places || !ids) continue;
    const completed = (row: number) => complete(packed, row, { keys, catalogKeys });
    // Rows that refer to others of their own kind find them only when all of these are named.
    if (refersToItsKind) for (const [row, id] of ids.entries()) keys.set(id, completed(row).key);
    for (let row = 0; row < ids.length; row++) {
      const place = places[row] as number;
      const id = ids[row] as string;
      const whole = completed(row);
      if (isReferredTo) keys.set(id, whole.key);
      hold(found[place - 1] as RowsByKind, kind, whole);
      if (kind === "member") memberIds[place - 1]?.set(whole.key, id);
    }
  }
  return orgs.map(({ id, slug }, at) => {
    const ofOrg = found[at] as RowsByKind;
    return {
      id,
      slug,
      memberIds: memberIds[at] ?? new Map(),
      all: <K extends Kind>(kind: K) => (ofOrg.get(kind) ?? none) as unknown as readonly Complete<K>[],
    };
  });
}

type RowsByKind = Map<Kind, Complete<Kind>[]>;

const none: readonly Complete<Kind>[] = [];

function hold(rows: RowsByKind, kind: Kind, row: Complete<Kind>): void {
  const alike = rows.get(kind);
  if (alike) alike.push(row);
  else rows.set(kind, [row]);
}

/**
 * The rows of a kind, column by column: each org's place among those asked for, from 1; the rows' ids; then the fields
 * as `decisionFields` orders them. null where there are no rows.
 */
type PackedRows = readonly [
  places: readonly number[] | null,
  ids: readonly string[] | null,
  ...fields: (readonly Value[] | null)[],
];

interface Keys {
  readonly keys: KeysOfRows;
  readonly catalogKeys: KeysOfRows;
}

/** How the rows of a kind are read. */
interface Reading {
  readonly sql: string;
  readonly refersToItsKind: boolean;
  readonly isReferredTo: boolean;
  readonly complete: (packed: PackedRows, row: number, keys: Keys) => Complete<Kind>;
}

const readings: ReadonlyMap<Kind, Reading> = new Map(decisionKinds.map((kind) => [kind, readingOf(kind)]));

const everyKind = `
  with asked as materialized (select * from unnest($1::uuid[]) with ordinality as asked (org_id, place))
  ${[...readings.values()].map(({ sql }) => sql).join(" union all ")}`;

function readingOf(kind: Kind): Reading {
  const { fields, key: keyOf } = descriptorOf(kind);
  const wanted = decisionFields(kind).map((name, index) => {
    const field = fields[name] as Field;
    const fallback = "default" in field ? (field.default as Value) : null;
    return { name, field, fallback, index: index + 2 };
  });
  const columns = wanted.map(({ name, field }) => `, json_agg(t.${columnOf(name, field)})`).join("");
  return {
    sql: `
      select '${kind}' as kind, json_build_array(json_agg(asked.place), json_agg(t.id)${columns}) as packed
      from asked join "${kind}" t using (org_id)`,
    refersToItsKind: targetsOf(kind).includes(kind),
    isReferredTo: decisionKinds.some((other) => targetsOf(other).includes(kind)),
    complete(packed, row, { keys, catalogKeys }) {
      const values: Record<string, Value> = {};
      for (const { name, field, fallback, index } of wanted) {
        const value = packed[index]?.[row] as Value;
        if (value === null) values[name] = fallback;
        else if (field.type === "reference")
          values[name] = keys.get(value as string) ?? catalogKeys.get(value as string) ?? null;
        else values[name] = field.type === "time" ? canonicalTime(value as string) : value;
      }
      return { key: keyOf(values), fields: values as unknown as Complete<Kind>["fields"] };
    },
  };
}

function targetsOf(kind: Kind): readonly string[] {
  return Object.values(descriptorOf(kind).fields).flatMap((field) =>
    field.type === "reference" ? [field.to] : [],
  );
}
