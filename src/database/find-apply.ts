import type { Transaction } from "./transaction.ts";

/** The revision that an apply made; null where it never took place, as after a lost answer to COMMIT. */
export async function findApply({ kysely }: Transaction, applyId: string): Promise<number | null> {
  const found = await kysely
    .selectFrom("revision")
    .select("revision")
    .where("apply_id", "=", applyId)
    .executeTakeFirst();
  return found ? Number(found.revision) : null;
}
