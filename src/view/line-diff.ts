import { diffArrays } from "diff";

/** One line of a unified diff: gone, come, or what stands around them. */
export interface DiffLine {
  readonly sign: "-" | "+" | " ";
  readonly text: string;
}

/** How many equal lines stand before and after a difference. */
const context = 2;

/** More than this, and looking for the smallest difference takes longer than reading all of it. */
const maxDifferences = 1_000;

/** What differs between two lists of lines, with two lines around it; `…` stands for more that are equal. */
export function lineDiff(before: readonly string[], after: readonly string[]): DiffLine[] {
  const parts = diffArrays([...before], [...after], { maxEditLength: maxDifferences });
  if (!parts) return [...before.map(signed("-")), ...after.map(signed("+"))];
  return parts.flatMap(({ added, removed, value }, index) => {
    if (added) return value.map(signed("+"));
    if (removed) return value.map(signed("-"));
    const head = index === 0 ? 0 : context;
    const tail = index === parts.length - 1 ? 0 : context;
    return shortened(value, head, tail).map(signed(" "));
  });
}

function signed(sign: DiffLine["sign"]) {
  return (text: string): DiffLine => ({ sign, text });
}

function shortened(lines: readonly string[], head: number, tail: number): readonly string[] {
  // A mark for a single line would save nothing.
  if (lines.length <= head + tail + 1) return lines;
  return [...lines.slice(0, head), "…", ...lines.slice(lines.length - tail)];
}
