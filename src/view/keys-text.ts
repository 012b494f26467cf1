import pc from "picocolors";
import { columnsOf, printable } from "../diagnostic/printable.ts";
import { padded } from "./layout.ts";
import { minuteText } from "./minute-text.ts";

/** A key as it can be shown. */
export interface ShownKey {
  /** The org's slug; null for a key of a service. */
  readonly org: string | null;
  readonly name: string;
  /** null where it is declared and not minted. */
  readonly id: string | null;
  /** `live`, or why it does not work. */
  readonly standing: string;
  readonly created: string | null;
  readonly expires: string | null;
  readonly revoked: string | null;
}

/** Keys as a table, a line each, in the order that they come in. */
export function keysText(keys: readonly ShownKey[], { colour }: { readonly colour: boolean }): string {
  const colours = pc.createColors(colour);
  if (keys.length === 0) return "There are no keys, and none is declared.\n";
  const table = keys.map((key) => [
    printable(key.org ?? "(service)"),
    printable(key.name),
    key.standing,
    key.created === null ? "" : minuteText(key.created),
    endOf(key),
    key.id ?? `mint it: tenantry keys create ${key.org} ${printable(key.name)}`,
  ]);
  const titles = ["org", "name", "", "created", "ends", "id"];
  const columns = titles.map((title, index) =>
    Math.max(columnsOf(title), ...table.map((cells) => columnsOf(cells[index] ?? ""))),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, index) => padded(cell, columns[index] ?? 0))
      .join("  ")
      .trimEnd();
  return `${[colours.dim(line(titles)), ...table.map(line)].join("\n")}\n`;
}

function endOf({ revoked, expires }: ShownKey): string {
  const end = revoked ?? expires;
  return end === null ? "" : minuteText(end);
}
