import type { Transaction } from "../database/transaction.ts";
import type { FoundHolder } from "./key-holder.ts";

/** Writes a new key, by its digest alone; gives its id. */
export async function writeKey(
  transaction: Transaction,
  { orgId, name }: FoundHolder,
  { digest, expires }: { readonly digest: Buffer; readonly expires: string | null },
): Promise<string> {
  const { rows } =
    orgId === null
      ? await transaction.query<{ id: string }>(
          "insert into service_key (name, digest, expires) values ($1, $2, $3) returning id",
          [name, digest, expires],
        )
      : await transaction.query<{ id: string }>(
          "insert into org_key (org_id, name, digest, expires) values ($1, $2, $3, $4) returning id",
          [orgId, name, digest, expires],
        );
  const [row] = rows;
  if (!row) throw new Error("A key was written and its id not given.");
  return row.id;
}
