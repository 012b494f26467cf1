import type { Database } from "../database/connect.ts";
import { examine } from "../database/doctor/examine.ts";
import { requireSchemas } from "../database/doctor/require-schemas.ts";
import { printable } from "../diagnostic/printable.ts";
import { defaultSchema } from "../model/database-name.ts";
import { doctorText } from "../view/doctor-text.ts";
import { type ExitCode, exitCode } from "./exit-code.ts";
import type { Terminal } from "./terminal.ts";
import { type DatabaseOptions, placeOf, withDatabase } from "./with-database.ts";

export interface DoctorOptions extends DatabaseOptions {
  readonly json: boolean;
  /** The schemas to look at; all where none is named. */
  readonly within: readonly string[];
  /** Findings that are known and meant: their ids, or `id:where`. */
  readonly accept: readonly string[];
}

/** Looks through the database for the known leaks between tenants; ends with an error where there is one. */
export async function doctor(options: DoctorOptions, terminal: Terminal): Promise<ExitCode> {
  // A database that was made just now has no leak, and is not the one that was meant.
  return withDatabase({ ...options, mustExist: true }, terminal, async (database) => {
    await requireSchemas(database, [...options.within, ...namedEstate(options, database)]);
    const { findings: all, ...about } = await examine(database, options.within);
    const isAccepted = ({ id, where }: { id: string; where: string }) =>
      options.accept.includes(id) || options.accept.includes(`${id}:${where}`);
    const findings = all.filter((finding) => !isAccepted(finding));
    const accepted = all.length - findings.length;
    const isFound = (name: string) => all.some(({ id, where }) => name === id || name === `${id}:${where}`);
    for (const unused of options.accept.filter((name) => !isFound(name))) {
      terminal.talk(`--accept ${printable(unused)}: there is no such finding here, so it accepts nothing.\n`);
    }
    if (options.json) {
      terminal.out(
        `${JSON.stringify({ format: "tenantry/doctor/v1", ...about, findings, accepted }, null, 2)}\n`,
      );
    } else {
      terminal.out(doctorText({ ...about, findings, accepted, place: placeOf(database) }, terminal));
    }
    return findings.some(({ severity }) => severity !== "note") ? exitCode.error : exitCode.done;
  });
}

/** The schema of the estate where somebody named it. An app's tables may well be in a database that has no estate. */
function namedEstate({ schema: named }: DoctorOptions, { schema }: Database): readonly string[] {
  return named !== undefined || schema !== defaultSchema ? [schema] : [];
}
