import pc from "picocolors";
import { columnsOf, printable } from "../diagnostic/printable.ts";
import { quantityText } from "../model/quantity.ts";
import type { Value } from "../model/value.ts";
import { plainText } from "./value-text.ts";

/** A value in effect, ready to be shown. */
interface ExplainedValue {
  readonly group: string;
  readonly name: string;
  readonly value: Value;
  readonly source: string;
  readonly at: string | null;
}

/** Values in effect in columns: what, how much, by whom, where. */
export function explainText(
  slug: string,
  values: readonly ExplainedValue[],
  { colour }: { readonly colour: boolean },
): string {
  const colours = pc.createColors(colour);
  const rows = values.map(({ group, name, value, source, at }) => ({
    group,
    cells: [
      printable(name),
      shortened(printable(textOf(value))),
      printable(source),
      printable(at ?? ""),
    ] as const,
  }));
  const groups = [...new Set(values.map(({ group }) => group))];
  const blocks = groups.map((group) => {
    const found = rows.filter((row) => row.group === group);
    const widest = (column: 0 | 1 | 2) =>
      Math.min(48, Math.max(...found.map(({ cells }) => columnsOf(cells[column]))));
    const widths = [widest(0), widest(1), widest(2)];
    const lines = found.map(({ cells: [name, value, source, at] }) => {
      const columns = [
        pad(name, widths[0]),
        pad(value, widths[1]),
        colours.dim(pad(source, widths[2])),
        colours.dim(at),
      ];
      return `  ${columns.join("  ")}`.trimEnd();
    });
    return [colours.bold(group), ...lines].join("\n");
  });
  return `${[colours.bold(slug), ...blocks].join("\n\n")}\n`;
}

function textOf(value: Value): string {
  return typeof value === "number" ? quantityText(value) : plainText(value);
}

function shortened(text: string): string {
  return columnsOf(text) > 48 ? `${text.slice(0, 47)}…` : text;
}

function pad(text: string, width = 0): string {
  return text + " ".repeat(Math.max(0, width - columnsOf(text)));
}
