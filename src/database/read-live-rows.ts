import type { Kind } from "../model/kinds.ts";
import type { JsonRow } from "./reliance.ts";
import type { Transaction } from "./transaction.ts";

/** The rows behind ids, by column, as far as they are still there; one statement a kind. */
export async function readLiveRows(
  transaction: Transaction,
  wanted: readonly { readonly kind: Kind; readonly rowId: string }[],
): Promise<ReadonlyMap<string, JsonRow>> {
  const live = new Map<string, JsonRow>();
  for (const kind of new Set(wanted.map((one) => one.kind))) {
    const ids = wanted.flatMap((one) => (one.kind === kind ? [one.rowId] : []));
    const { rows } = await transaction.query<{ id: string; row: JsonRow }>(
      `select id, to_jsonb(t) as row from ${kind} t where id = any($1::uuid[])`,
      [ids],
    );
    for (const { id, row } of rows) live.set(id, row);
  }
  return live;
}
