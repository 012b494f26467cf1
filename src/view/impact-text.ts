import pc from "picocolors";
import type { Impact, Lapse } from "../decision/impact/impact.ts";
import { columnsOf, printable } from "../diagnostic/printable.ts";
import { type ImpactLine, impactLines } from "./impact-lines.ts";

export interface ImpactView {
  readonly colour: boolean;
  /** How wide a line may be before names go on below it. */
  readonly width: number;
  /** `all` names everyone; otherwise at most 20 of one effect are named. */
  readonly names: "some" | "all";
}

const nothing = "What this decides  nothing: no member, flag, entitlement or trace is decided differently\n";

/** What a plan decides for people, as a reviewer reads it: one effect a line, counts first, then at most 20 names. */
export function impactText(impact: Impact, view: ImpactView): string {
  const most = view.names === "all" ? Number.POSITIVE_INFINITY : 20;
  const lines = impactLines(impact, most);
  const colours = pc.createColors(view.colour);
  const label = Math.max(0, ...lines.map((line) => columnsOf(line.label)));
  const what = Math.min(36, Math.max(0, ...lines.map((line) => columnsOf(line.what))));
  const text = lines.flatMap((line, index) => {
    // A label stands once, above everything that it is true of.
    const shown = lines[index - 1]?.label === line.label ? "" : line.label;
    const paint = { gain: colours.green, loss: colours.red, change: colours.yellow }[line.tone];
    return laidOut(line, { shown: paint(shown) + " ".repeat(label - columnsOf(shown)), label, what, view });
  });
  const head = lines.length === 0 ? [nothing.trimEnd()] : [colours.bold("What this decides"), ...text];
  return `${[...head, ...lapseLines(impact.lapses, most, view.width)].map((line) => line.trimEnd()).join("\n")}\n`;
}

interface Layout {
  readonly shown: string;
  readonly label: number;
  readonly what: number;
  readonly view: ImpactView;
}

/** Label, what and whom in columns; what is too wide for its column has a line of its own, and so have many names. */
function laidOut({ what, whom, names }: ImpactLine, { shown, label, what: column, view }: Layout): string[] {
  const said = printable(what);
  const indent = " ".repeat(label + 4);
  const space = " ".repeat(Math.max(0, column - columnsOf(said)));
  const isShort = columnsOf(said) <= column && label + 6 + column + columnsOf(printable(whom)) <= view.width;
  const head = isShort
    ? [`  ${shown}  ${said}${space}  ${printable(whom)}`]
    : [`  ${shown}  ${said}`, ...wrapped([printable(whom)], `${indent}  `, view.width)];
  return names.length === 0
    ? head
    : [...head, ...wrapped(commas(names.map(printable)), `${indent}  `, view.width)];
}

function lapseLines(lapses: readonly Lapse[], most: number, width: number): string[] {
  if (lapses.length === 0) return [];
  const told = lapses.slice(0, most).map(lapseText);
  const more = lapses.length > told.length ? [`and ${lapses.length - told.length} more`] : [];
  const pieces = [...told, ...more].map((piece, index, all) =>
    index < all.length - 1 ? `${piece} ·` : piece,
  );
  const [first = "", ...others] = wrapped(pieces, " ".repeat(23), width);
  return [`Lapses within 30 days  ${first.trimStart()}`, ...others];
}

/** `acme/subscription/platform trial ends 2026-12-01` */
function lapseText({ at, address, what, next }: Lapse): string {
  const time = at.endsWith("T00:00:00Z") ? at.slice(0, 10) : `${at.slice(0, 16).replace("T", " ")}Z`;
  return printable(`${address} ${what}${next === null ? "" : ` to ${next}`} ${time}`);
}

function commas(names: readonly string[]): string[] {
  return names.map((name, index) => (index < names.length - 1 ? `${name},` : name));
}

/** Pieces beside each other as far as they fit, none of them broken. */
function wrapped(pieces: readonly string[], indent: string, width: number): string[] {
  const lines: string[] = [];
  let line = indent;
  for (const piece of pieces) {
    if (line !== indent && columnsOf(line) + columnsOf(piece) + 1 > width) {
      lines.push(line);
      line = indent;
    }
    line += line === indent ? piece : ` ${piece}`;
  }
  return [...lines, line];
}
