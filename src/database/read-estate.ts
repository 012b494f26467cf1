import type { Transaction } from "./transaction.ts";

export interface Estate {
  readonly epoch: string;
  readonly revision: number;
  /** How often an apply noted what it had looked at. */
  readonly noted: number;
}

/** The estate's one row; with a lock, for as long as the transaction lasts. */
export async function readEstate(
  { kysely }: Transaction,
  lock: "unlocked" | "locked" = "unlocked",
): Promise<Estate> {
  const estate = await kysely
    .selectFrom("estate")
    .select(["epoch", "revision", "noted"])
    .$if(lock === "locked", (query) => query.forNoKeyUpdate())
    .executeTakeFirst();
  if (!estate) throw new Error("tenantry.estate has lost its only row.");
  return { epoch: estate.epoch, revision: Number(estate.revision), noted: Number(estate.noted) };
}
