import type { Database } from "../database/connect.ts";
import { readHistory } from "../database/read-history.ts";
import { placeOf } from "./with-database.ts";

/** What was asked for was never made. */
export class UnknownRevision extends Error {
  readonly code = "unknown-revision";
}

/** Says that there is no such revision, and which there are. */
export async function unknownRevision(number: number, database: Database): Promise<never> {
  const [newest] = await readHistory(database, { limit: 1 });
  const known = newest ? `The newest is ${newest.revision}.` : "Nothing was applied yet.";
  throw new UnknownRevision(`There is no revision ${number} in ${placeOf(database)}. ${known}`);
}
