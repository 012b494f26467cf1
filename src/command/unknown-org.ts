import { nearName } from "../diagnostic/near-name.ts";
import { type ExitCode, exitCode } from "./exit-code.ts";
import type { Terminal } from "./terminal.ts";

/** Says that there is no such org, and which was probably meant. */
export function unknownOrg(
  org: string,
  { where, slugs }: { readonly where: string; readonly slugs: readonly string[] },
  terminal: Terminal,
): ExitCode {
  const near = nearName(org, slugs);
  terminal.talk(`error: there is no org "${org}" in ${where}.${near ? ` Did you mean "${near}"?` : ""}\n`);
  return exitCode.error;
}
