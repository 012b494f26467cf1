import pg from "pg";
import type { Kind } from "../model/kinds.ts";
import { kinds } from "../model/kinds.ts";
import type { Plan } from "../plan/plan.ts";
import type { Database } from "./connect.ts";
import { inTransaction } from "./in-transaction.ts";
import { lockEstate } from "./lock-estate.ts";
import type { Refused } from "./refusal.ts";
import { sqlStateOf } from "./sql-state.ts";
import type { Transaction } from "./transaction.ts";
import { writeChanges } from "./write-changes.ts";
import type { PlacedChange } from "./writing.ts";

/**
 * Which change of a plan breaks a constraint; null where that cannot be told. Row-level security keeps the server
 * from saying it, so the changes are written once more, those of the table one by one, and taken back.
 */
export async function locateRefused(
  database: Database,
  plan: Plan,
  { table, constraint, state, lockTimeout }: Refused & { readonly lockTimeout: number },
): Promise<PlacedChange | null> {
  if (table === null || !(table in kinds)) return null;
  let last: PlacedChange | null = null;
  const takenBack = new Error("Nothing broke it.");
  try {
    await inTransaction(database, "apply", {}, async (transaction) => {
      await lockEstate(transaction, lockTimeout);
      await writeChanges(transaction, plan, {
        step: () => {},
        onProgress: undefined,
        beforeWriting: () => checkAtOnce(transaction, constraint),
        oneByOne: {
          kind: table as Kind,
          attempt(change) {
            last = change;
          },
        },
      });
      throw takenBack;
    });
  } catch (error) {
    return sqlStateOf(error) === state ? last : null;
  }
  return null;
}

/** A rule that waits for the end would not tell which row broke it. Those that never wait cannot be told not to. */
async function checkAtOnce(transaction: Transaction, constraint: string | null): Promise<void> {
  if (constraint === null) return;
  const { rows } = await transaction.query(
    "select from pg_constraint where conname = $1 and condeferrable and connamespace = current_schema::regnamespace",
    [constraint],
  );
  if (rows.length > 0)
    await transaction.query(`set constraints ${pg.escapeIdentifier(constraint)} immediate`);
}
