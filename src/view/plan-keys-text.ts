import { columnsOf, printable } from "../diagnostic/printable.ts";
import type { KeysAfter, NamedKey } from "../plan/keys-after.ts";
import { padded, wrapped } from "./layout.ts";
import { figure } from "./plan-counts.ts";

/** How many keys of a kind are told of by name. */
const told = 5;

/** What becomes of keys: which a plan ends or revives, and which are still to be minted, and how. */
export function keysLines(keys: KeysAfter | null | undefined, width: number): string[] {
  if (!keys) return [];
  const shown = [keys.ceasing, keys.resuming, keys.unminted].flatMap((some) => some.slice(0, told));
  const column = Math.max(...shown.map((key) => columnsOf(subject(key))));
  const lines = (some: readonly NamedKey[], what: (key: NamedKey) => string, more: string) => [
    ...some.slice(0, told).flatMap((key) => wrapped(`  ${padded(subject(key), column)}  `, what(key), width)),
    ...(some.length > told ? [`  and ${figure(some.length - told)} more ${more}`] : []),
  ];
  return [
    "Keys",
    ...lines(
      keys.ceasing,
      () => "minted, and declared no more or over: ceases to work",
      "that cease to work",
    ),
    ...lines(keys.resuming, () => "minted before, and declared again: works again", "that work again"),
    ...lines(
      keys.unminted,
      (key) => `declared and not minted: ${mintCommand(key)}`,
      "declared and not minted: tenantry keys list",
    ),
  ];
}

/** `tenantry keys create acme ci`: what mints a key, once it is declared in the database. */
export function mintCommand({ org, name }: NamedKey): string {
  return `tenantry keys create ${printable(org)} ${printable(name)}`;
}

function subject({ org, name }: NamedKey): string {
  return printable(`${org}/api_key/${name}`);
}
