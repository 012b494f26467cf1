import type { Transaction } from "./transaction.ts";

/** An apply that took place. */
export interface EarlierApply {
  readonly revision: number;
  /** When, to the second, in UTC. */
  readonly at: string;
  readonly actor: string;
}

/** What an apply made; null where it never took place, as may be after a lost answer to COMMIT. */
export async function findApply(transaction: Transaction, applyId: string): Promise<EarlierApply | null> {
  const { rows } = await transaction.query<{ revision: string; at: string; actor: string }>(
    `select revision, to_char(at, 'YYYY-MM-DD HH24:MI:SS"Z"') as at, actor from revision where apply_id = $1`,
    [applyId],
  );
  return rows[0] ? { ...rows[0], revision: Number(rows[0].revision) } : null;
}
