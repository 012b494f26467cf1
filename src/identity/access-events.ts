import type { Database } from "../database/connect.ts";
import { inTransaction } from "../database/in-transaction.ts";
import type { LiveKey } from "./find-key.ts";

/** Refusals of one kind, counted by who refused. */
export interface Refusals {
  /** One word: `unknown`, `expired`, `wrong-org`. Never anything that was sent. */
  readonly reason: string;
  /** The key that was refused, where it is known; without its name where a token was its last trace. */
  readonly key: (Pick<LiveKey, "id" | "orgId"> & { readonly name: string | null }) | null;
  readonly count: number;
}

/** Writes down that a key was exchanged for a token; done before the token is given. */
export async function noteExchange(
  database: Database,
  key: Pick<LiveKey, "id" | "orgId" | "name">,
): Promise<void> {
  await inTransaction(database, "runtime", {}, (transaction) =>
    transaction.query(
      "insert into access_event (org_id, key_id, key_name, event) values ($1, $2, $3, 'exchanged')",
      [key.orgId, key.id, key.name],
    ),
  );
}

/** Writes down refusals: one row for each reason and key, however many there were. */
export async function noteRefusals(database: Database, refusals: readonly Refusals[]): Promise<void> {
  if (refusals.length === 0) return;
  await inTransaction(database, "runtime", {}, (transaction) =>
    transaction.query(
      `insert into access_event (org_id, key_id, key_name, event, reason, count)
       select org_id, key_id, key_name, 'refused', reason, count
       from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::int[])
         as refused (org_id, key_id, key_name, reason, count)`,
      [
        refusals.map(({ key }) => key?.orgId ?? null),
        refusals.map(({ key }) => key?.id ?? null),
        refusals.map(({ key }) => key?.name ?? null),
        refusals.map(({ reason }) => reason),
        refusals.map(({ count }) => count),
      ],
    ),
  );
}
