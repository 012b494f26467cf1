import type { Kind } from "../model/kinds.ts";
import type { Change, Plan } from "../plan/plan.ts";
import type { Transaction } from "./transaction.ts";

/** Of each kind, how many rows a plan creates, updates and deletes. */
export type ChangeCounts = { readonly [K in Kind]?: { readonly [A in Change["action"]]?: number } };

export interface RevisionRecord {
  readonly revision: number;
  readonly applyId: string;
  readonly actor: string;
  readonly commit?: string | undefined;
  /** The first line of the commit's message. */
  readonly title?: string | undefined;
  readonly counts: ChangeCounts;
}

/** Moves the estate on. The books know an apply's changes by the transaction that is noted here. */
export async function recordRevision(transaction: Transaction, record: RevisionRecord): Promise<void> {
  await transaction.query(
    `with moved as (
       update estate set revision = $1, apply_id = $2, xid = pg_current_xact_id() returning revision
     )
     insert into revision (revision, apply_id, actor, "commit", title, counts)
     select revision, $2, $3, $4, $5, $6 from moved`,
    [
      record.revision,
      record.applyId,
      record.actor,
      record.commit ?? null,
      record.title ?? null,
      JSON.stringify(record.counts),
    ],
  );
}

export function countChanges(plan: Plan): ChangeCounts {
  const counts: { [K in Kind]?: { [A in Change["action"]]?: number } } = {};
  for (const { changes } of plan.scopes) {
    for (const { kind, action } of changes) {
      counts[kind] ??= {};
      const ofKind = counts[kind];
      ofKind[action] = (ofKind[action] ?? 0) + 1;
    }
  }
  return counts;
}
