import { columnsOf } from "../diagnostic/printable.ts";

/** Text with blanks after it, so that what follows begins at the same column on every line. */
export function padded(text: string, columns: number): string {
  return text + " ".repeat(Math.max(0, columns - columnsOf(text)));
}

/**
 * Printable text in lines of at most `width` columns, broken at blanks. The first begins with `first`, the others
 * with as many blanks; a word that is longer than a line stands alone, because nothing is cut.
 */
export function wrapped(first: string, text: string, width: number): string[] {
  const inner = columnsOf(first);
  if (inner + columnsOf(text) <= width) return [(first + text).trimEnd()];
  const lines: string[] = [];
  let line = first;
  let used = inner;
  let isEmpty = true;
  for (const word of text.split(" ")) {
    const columns = columnsOf(word);
    if (!isEmpty && used + 1 + columns > width) {
      lines.push(line.trimEnd());
      line = " ".repeat(inner);
      used = inner;
      isEmpty = true;
    }
    line += isEmpty ? word : ` ${word}`;
    used += columns + (isEmpty ? 0 : 1);
    isEmpty = false;
  }
  return [...lines, line.trimEnd()];
}

/** Pieces of a line joined by `between`, on further lines where they would be wider than `width`. */
export function joined(pieces: readonly string[], between: string, width: number): string[] {
  const lines: string[] = [];
  for (const piece of pieces) {
    const longer = lines.length === 0 ? null : `${lines.at(-1)}${between}${piece}`;
    if (longer !== null && columnsOf(longer) <= width) lines[lines.length - 1] = longer;
    else lines.push(lines.length === 0 ? piece : `  ${piece}`);
  }
  return lines;
}
