import { columnsOf, printable } from "../diagnostic/printable.ts";
import type { Finding, Note } from "../plan/plan.ts";
import type { Colours } from "./colours.ts";
import { wrapped } from "./layout.ts";
import type { Places } from "./plan-lines.ts";

interface FindingView extends Places {
  readonly width: number;
}

/** What stops the plan, or was let pass: its code and subject, why, and what to do; that says the flag too that lets it pass once. */
export function findingLines(
  word: "BLOCKED" | "ALLOWED",
  finding: Finding,
  view: FindingView,
  colours: Colours,
): string[] {
  const { code, subject, message, help, at } = finding;
  const paint = word === "BLOCKED" ? colours.red : colours.yellow;
  const head = `${word} ${code}  ${printable(subject)}`;
  const place = at ? view.declaredAt(at.org, at.path) : null;
  const painted = head.replace(`${word} ${code}`, `${paint(colours.bold(word))} ${colours.bold(code)}`);
  return [
    ...withPlace(head, place, view.width).map((line, index) =>
      index === 0 ? painted + colours.dim(line.slice(head.length)) : colours.dim(line),
    ),
    ...wrapped("  ", printable(message), view.width),
    ...(word === "BLOCKED"
      ? withFlagsWhole(printable(help), view.width)
      : ["  let pass this once, by --allow"]),
  ];
}

/** Wrapped, but a flag stays with what it names, so that both can be copied at once. */
function withFlagsWhole(text: string, width: number): string[] {
  const noBlank = "\ue000";
  const whole = text.replace(/(--[a-z-]+) (?=\S)/g, `$1${noBlank}`);
  return wrapped("  ", whole, width).map((line) => line.replaceAll(noBlank, " "));
}

/** What a reader should know and nothing stops for. */
export function noteLines(notes: readonly Note[], view: FindingView, colours: Colours): string[] {
  return notes.flatMap(({ subject, message, at }) => {
    const place = at ? view.declaredAt(at.org, at.path) : null;
    const lines = wrapped("note  ", printable(`${subject}: ${message}`), view.width);
    const [last = ""] = lines.slice(-1);
    return [...lines.slice(0, -1), ...withPlace(last, place, view.width)].map((line, index) =>
      index === 0 ? line.replace(/^note/, colours.cyan("note")) : line,
    );
  });
}

/** A line with a place at its right; on a line of its own where there is no room. */
function withPlace(line: string, place: string | null, width: number): string[] {
  if (place === null) return [line];
  const shown = printable(place);
  const gap = width - columnsOf(line) - columnsOf(shown);
  if (gap >= 2) return [line + " ".repeat(gap) + shown];
  return [line, " ".repeat(Math.max(2, width - columnsOf(shown))) + shown];
}
