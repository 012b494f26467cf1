import type { FindingCode } from "./plan.ts";

/** Help for a finding that `--allow` lets pass: what mends it, and the flag. It ends with the flag, to be copied. */
export function orPassOnce(help: string, code: FindingCode, subject: string): string {
  return `${help}; to let it pass once: ${allowFlag(code, subject)}`;
}

/** The flag that lets a finding pass, as it is typed. */
export function allowFlag(code: FindingCode, subject: string): string {
  return `--allow ${shellWord(`${code}:${subject}`)}`;
}

/** Help for a finding that nothing lets pass. */
export function noWayRound(help: string): string {
  return `${help} There is no flag that lets it pass.`;
}

/** As a shell reads it as one word. */
function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
