import type { ActualRow, ActualScope, OutsideWrite, Writer } from "../../src/model/state.ts";

/** Somebody with psql. */
export const psql: Writer = {
  login: "postgres",
  application: "psql",
  actor: null,
  at: "2026-11-20T14:02:07.5Z",
};

/** What something else wrote: an insert has no row before, a delete none after. */
export function wrote(before: ActualRow | null, after: ActualRow | null, by: Writer = psql): OutsideWrite {
  const row = (before ?? after) as ActualRow;
  const action = !before ? "insert" : after ? "update" : "delete";
  return { kind: row.kind, rowId: row.id, action, before, by };
}

/** The scope with what was written since the last apply, oldest first. */
export function since(scope: ActualScope, ...writes: readonly OutsideWrite[]): ActualScope {
  return { ...scope, writes };
}

export function edited(row: ActualRow, fields: ActualRow["fields"]): ActualRow {
  return { ...row, fields: { ...row.fields, ...fields } };
}
