import { printable } from "../diagnostic/printable.ts";

/** How many columns of code a comment shows without scrolling, about. */
export const commentWidth = 90;

/**
 * Lines in a fenced block, in which nothing is read as Markdown or HTML and nobody is mentioned. Lines have to be
 * printable: a line feed in one of them could end the block.
 */
export function fenced(language: "diff" | "text", lines: readonly string[]): string {
  // Only a line of nothing but backticks, hardly indented, could end it: CommonMark 0.31 §4.5.
  const ends = lines.filter((line) => /^ {0,3}`{3,}\s*$/.test(line));
  const fence = "`".repeat(Math.max(3, longestRun(ends) + 1));
  return [`${fence}${language}`, ...lines, fence].join("\n");
}

/** Text in a code span, on one line and at most `length` characters long. */
export function codeSpan(text: string, length = 200): string {
  const shown = cut(printable(text), length);
  const ticks = "`".repeat(longestRun([shown]) + 1);
  // A blank inside both ends is taken away again where the text is shown.
  const edge = /^`|`$|^$/.test(shown) ? " " : "";
  return `${ticks}${edge}${shown}${edge}${ticks}`;
}

/** Text within HTML code, where Markdown is not read either. */
export function htmlCode(text: string): string {
  const escaped = printable(text).replace(/[&<>"'`]/g, (character) => `&#${character.charCodeAt(0)};`);
  return `<code>${escaped}</code>`;
}

/** The first characters of a text, never half of one, and `…` where there were more. */
export function cut(text: string, length: number): string {
  if (text.length <= length) return text;
  return `${text.slice(0, length - 1).replace(/[\ud800-\udbff]$/, "")}…`;
}

/** How long a text is to whoever counts its UTF-8 bytes; to whoever counts characters it is no longer. */
export function bytesOf(text: string): number {
  return Buffer.byteLength(text);
}

function longestRun(lines: readonly string[]): number {
  let longest = 0;
  for (const line of lines) {
    for (const [run] of line.matchAll(/`+/g)) longest = Math.max(longest, run.length);
  }
  return longest;
}
