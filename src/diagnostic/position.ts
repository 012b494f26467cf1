import type { SourceFile, Span } from "./span.ts";

/** A place as editors count it: lines from 1, columns from 1 in UTF-16 code units. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Line and column of an offset; what lies beyond the text counts as its end. */
export function positionOf(file: SourceFile, offset: number): Position {
  const starts = lineStartsOf(file);
  const within = Math.min(Math.max(offset, starts[0] as number), file.text.length);
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] as number) <= within) low = middle;
    else high = middle - 1;
  }
  return { line: low + 1, column: within - (starts[low] as number) + 1 };
}

/** The stretch of a line, counted from 1, without what ends it. */
export function lineSpan(file: SourceFile, line: number): Span {
  const starts = lineStartsOf(file);
  const start = starts[line - 1] ?? file.text.length;
  const newline = file.text.indexOf("\n", start);
  const end = newline < 0 ? file.text.length : newline;
  return { file, start, end: end > start && file.text[end - 1] === "\r" ? end - 1 : end };
}

/** A place as people write it and editors open it: `tenants/orgs/acme.yaml:26:21`; no more than the path where there is no text. */
export function placeText({ file, start }: Span): string {
  if (file.text === "") return file.path;
  const { line, column } = positionOf(file, start);
  return `${file.path}:${line}:${column}`;
}

const known = new WeakMap<SourceFile, readonly number[]>();

function lineStartsOf(file: SourceFile): readonly number[] {
  const before = known.get(file);
  if (before) return before;
  // a byte order mark is no part of the first line
  const starts = [file.text.startsWith("\ufeff") ? 1 : 0];
  for (let at = file.text.indexOf("\n"); at >= 0; at = file.text.indexOf("\n", at + 1)) starts.push(at + 1);
  known.set(file, starts);
  return starts;
}
