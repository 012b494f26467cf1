import { lineSpan, positionOf } from "./position.ts";
import { columnsOf, printable } from "./printable.ts";
import type { Span } from "./span.ts";

/** How the parts of a frame are coloured. */
export interface FramePaint {
  readonly gutter: (text: string) => string;
  readonly carets: (text: string) => string;
}

/** Stands in a file's text for each character of a secret. */
export const concealed = "\ue000";

const plain: FramePaint = { gutter: (text) => text, carets: (text) => text };

/** What is shown of a long line, in code units, and how much of that stands before the place. */
const longest = 110;
const before = 40;

/**
 * The line of a span with carets below it. Of a span over several lines the first is marked, of a long line
 * the part around the place is shown. What the file says can never steer the terminal.
 */
export function codeFrame(span: Span, paint: FramePaint = plain): string {
  const { line } = positionOf(span.file, span.start);
  const { text } = span.file;
  const { start, end } = lineSpan(span.file, line);
  let from = Math.min(Math.max(span.start, start), end);
  let to = Math.min(Math.max(span.end, from), end);
  // a place within a secret would tell how long its parts are
  while (from > start && text[from] === concealed && text[from - 1] === concealed) from--;
  while (to < end && text[to] === concealed && text[to - 1] === concealed) to++;
  const first =
    end - start <= longest
      ? start
      : wholeCharacter(text, Math.max(start, Math.min(from - before, end - longest)));
  const last = wholeCharacter(text, Math.min(end, first + longest));
  const lead = (first > start ? "…" : "") + shown(text.slice(first, from));
  const marked = shown(text.slice(from, Math.min(to, last)));
  const rest = shown(text.slice(Math.min(to, last), last)) + (last < end ? "…" : "");
  const number = String(line).padStart(5);
  const carets = "^".repeat(Math.max(1, columnsOf(marked)));
  return [
    `${paint.gutter(`${number} │`)} ${lead}${marked}${rest}`.trimEnd(),
    `${paint.gutter(`${" ".repeat(number.length)} │`)} ${" ".repeat(columnsOf(lead))}${paint.carets(carets)}`,
  ].join("\n");
}

/** As it may be printed; of a secret not even the length is told. */
function shown(text: string): string {
  return printable(text).replace(/\ue000+/g, "•••");
}

/** Keeps a cut from falling into the middle of a surrogate pair. */
function wholeCharacter(text: string, at: number): number {
  const code = text.charCodeAt(at);
  return code >= 0xdc00 && code <= 0xdfff ? at + 1 : at;
}
