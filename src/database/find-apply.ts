import type { Transaction } from "./transaction.ts";

/** The revision that an apply made; null where it never took place, as after a lost answer to COMMIT. */
export async function findApply(transaction: Transaction, applyId: string): Promise<number | null> {
  const { rows } = await transaction.query<{ revision: string }>(
    "select revision from tenantry.revision where apply_id = $1",
    [applyId],
  );
  return rows[0] ? Number(rows[0].revision) : null;
}
