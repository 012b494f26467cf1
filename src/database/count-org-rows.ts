import { descriptorOf } from "../model/kinds.ts";
import { kindsInOrder } from "../model/order.ts";
import type { Transaction } from "./transaction.ts";

/** How many rows all orgs have together, whoever made them. */
export async function countOrgRows(transaction: Transaction): Promise<number> {
  const counts = kindsInOrder
    .filter((kind) => descriptorOf(kind).tier === "org")
    .map((kind) => `(select count(*) from ${kind})`);
  const { rows } = await transaction.query<{ count: string }>(`select ${counts.join(" + ")} as count`);
  return Number(rows[0]?.count);
}
