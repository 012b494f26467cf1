import pc from "picocolors";
import { codeFrame } from "../diagnostic/code-frame.ts";
import { summaries } from "../diagnostic/codes.ts";
import type { Diagnostic, Note } from "../diagnostic/diagnostic.ts";
import { placeText } from "../diagnostic/position.ts";
import { printable } from "../diagnostic/printable.ts";
import { sortDiagnostics } from "../diagnostic/sort-diagnostics.ts";
import { hideSecrets } from "../manifest/hide-secrets.ts";

type Colours = ReturnType<typeof pc.createColors>;

/**
 * Diagnostics as people read them: each with its place, the line it stands on, what to do, and the places
 * that belong to it; sorted, and counted in the last line. Empty where there are none.
 */
export function diagnosticsText(
  diagnostics: readonly Diagnostic[],
  { colour }: { readonly colour: boolean },
): string {
  if (diagnostics.length === 0) return "";
  const colours = pc.createColors(colour);
  const sorted = hideSecrets(sortDiagnostics(diagnostics));
  return [...sorted.map((diagnostic) => problemText(diagnostic, colours)), countText(sorted)]
    .join("\n\n")
    .concat("\n");
}

function problemText({ code, at, detail, notes }: Diagnostic, colours: Colours): string {
  const lines = [`${colours.red(colours.bold(`error[${code}]`))} ${colours.bold(summaries[code])}`];
  if (at) lines.push(`  ${printable(placeText(at))}`);
  if (at && at.file.text !== "") lines.push(codeFrame(at, { gutter: colours.dim, carets: colours.red }));
  for (const line of detail.split("\n")) if (line !== "") lines.push(`  ${printable(line)}`);
  for (const note of notes) lines.push(`  ${colours.cyan("note:")} ${noteText(note)}`);
  return lines.join("\n");
}

/** A note's message reads on into its place: `"admin" is declared` at … */
function noteText({ message, at }: Note): string {
  return printable(at ? `${message} at ${placeText(at)}` : message);
}

function countText(diagnostics: readonly Diagnostic[]): string {
  const files = new Set(diagnostics.flatMap(({ at }) => (at ? [at.file.path] : [])));
  const problems = counted(diagnostics.length, "problem");
  return files.size === 0 ? problems : `${problems} in ${counted(files.size, "file")}`;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
