import { descriptorOf, type Kind } from "../model/kinds.ts";
import { kindsInOrder } from "../model/order.ts";
import type { ActualRow, ActualScope, Origin } from "../model/state.ts";
import { canonicalTime, type Value } from "../model/value.ts";
import { columnOf } from "./column.ts";
import type { Transaction } from "./transaction.ts";

type RowsByKind = ActualScope["rows"];

export async function readCatalogRows(transaction: Transaction): Promise<RowsByKind> {
  const selects = kindsOf("catalog").map(
    (kind) => `select '${kind}' as kind, ${packed(kind)} as packed from ${kind}`,
  );
  const { rows } = await transaction.query<Packed>(selects.join(" union all "));
  return unpackAll(rows.filter((row): row is Packed => row.packed !== null));
}

/** The rows of some orgs, by the org's id. One result row an org and kind: a row each would take twice as long. */
export async function readOrgRows(
  transaction: Transaction,
  orgIds: readonly string[],
  kinds: readonly Kind[] = kindsOf("org"),
): Promise<ReadonlyMap<string, RowsByKind>> {
  // One statement for all kinds: thirty of them would cost more than what they read of a small estate.
  const selects = kinds.map(
    (kind) =>
      `select org_id, '${kind}' as kind, ${packed(kind)} as packed from ${kind} where org_id = any($1) group by org_id`,
  );
  const { rows } = await transaction.query<Packed & { readonly org_id: string }>(
    selects.join(" union all "),
    [orgIds],
  );
  const byOrg = new Map<string, Packed[]>(orgIds.map((id) => [id, []]));
  for (const row of rows) byOrg.get(row.org_id)?.push(row);
  return new Map([...byOrg].map(([id, packs]) => [id, unpackAll(packs)]));
}

/** All rows of a kind, in one value. */
interface Packed {
  readonly kind: Kind;
  readonly packed: readonly PackedRow[];
}

function unpackAll(packs: readonly Packed[]): RowsByKind {
  return new Map(packs.map(({ kind, packed }) => [kind, packed.map(unpackings[kind])]));
}

function kindsOf(tier: "catalog" | "org"): readonly Kind[] {
  return kindsInOrder.filter((kind) => descriptorOf(kind).tier === tier);
}

/** A row as a JSON array: its id, origin and ledger, and then its fields as the descriptor orders them. */
export type PackedRow = readonly [id: string, origin: Origin, managed: string[] | null, ...values: Value[]];

function packed(kind: Kind): string {
  return `json_agg(${packedRow(kind)})`;
}

/** A row of a kind's table as one value, for `unpackRow`. */
export function packedRow(kind: Kind): string {
  const columns = Object.entries(descriptorOf(kind).fields).map(([name, field]) => columnOf(name, field));
  return `json_build_array(${["id", "origin", "managed", ...columns].join(", ")})`;
}

/** Values come in canonical form. */
export function unpackRow(kind: Kind, row: PackedRow): ActualRow {
  return unpackings[kind](row);
}

const unpackings = Object.fromEntries(kindsInOrder.map((kind) => [kind, unpacking(kind)])) as {
  readonly [K in Kind]: ReturnType<typeof unpacking>;
};

function unpacking(kind: Kind): (row: PackedRow) => ActualRow {
  const columns = Object.entries(descriptorOf(kind).fields).map(([name, { type }], index) => ({
    name,
    isTime: type === "time",
    index: index + 3,
  }));
  return (row) => {
    const fields: Record<string, Value> = {};
    for (const { name, isTime, index } of columns) {
      const value = row[index] as Value;
      fields[name] = isTime && typeof value === "string" ? canonicalTime(value) : value;
    }
    return { id: row[0], kind, fields, origin: row[1], managed: row[2] };
  };
}
