import type { Database } from "../database/connect.ts";
import { readHistory } from "../database/read-history.ts";
import { type ExitCode, exitCode } from "./exit-code.ts";
import type { Terminal } from "./terminal.ts";
import { placeOf } from "./with-database.ts";

/** Says that there is no such revision, and which there are. */
export async function unknownRevision(
  number: number,
  database: Database,
  terminal: Terminal,
): Promise<ExitCode> {
  const [newest] = await readHistory(database, { limit: 1 });
  const known = newest ? `The newest is ${newest.revision}.` : "Nothing was applied yet.";
  terminal.talk(`error: there is no revision ${number} in ${placeOf(database)}. ${known}\n`);
  return exitCode.error;
}
