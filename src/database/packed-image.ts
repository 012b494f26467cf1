import type { Kind } from "../model/kinds.ts";
import { kindsInOrder } from "../model/order.ts";
import type { ActualRow } from "../model/state.ts";
import { type PackedRow, packedRow, unpackRow } from "./read-rows.ts";

/**
 * SQL that reads a row out of its image in the audit, as `packedRow` reads it from its table: so both come in
 * the same canonical form, whatever time zone an image was written in.
 */
export function packedImage(image: string, kind: string): string {
  const cases = kindsInOrder.map(
    (one) =>
      `when '${one}' then (select ${packedRow(one)} from jsonb_populate_record(null::"${one}", ${image}))`,
  );
  return `case when ${image} is null then null else case ${kind} ${cases.join(" ")} end end`;
}

export function unpackImage(kind: Kind, packed: PackedRow | null): ActualRow | null {
  return packed === null ? null : unpackRow(kind, packed);
}
