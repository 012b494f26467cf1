import { quoted } from "../diagnostic/quoted.ts";

const yes = new Set(["yes", "y", "on", "1", "true", "enabled"]);
const no = new Set(["no", "n", "off", "0", "false", "disabled"]);

/** What stands where a switch is wanted, and what to write instead: YAML 1.1 had many words for true. */
export function switchHelp(written: string): string {
  if (written === "true" || written === "false")
    return `found the text "${written}". Write ${written}, without quotes.`;
  const word = written.toLowerCase();
  const meant = yes.has(word) ? " Write true." : no.has(word) ? " Write false." : "";
  return `found ${quoted(written)}.${meant}`;
}
