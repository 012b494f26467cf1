import type { Transaction } from "./transaction.ts";

export interface Estate {
  readonly epoch: string;
  readonly revision: number;
}

export async function readEstate(transaction: Transaction): Promise<Estate> {
  const { rows } = await transaction.query<{ epoch: string; revision: string }>(
    "select epoch, revision from tenantry.estate",
  );
  const [estate] = rows;
  if (!estate) throw new Error("tenantry.estate has lost its only row.");
  return { epoch: estate.epoch, revision: Number(estate.revision) };
}
