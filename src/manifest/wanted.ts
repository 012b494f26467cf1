/** What a manifest should say somewhere, before it is known how much of it stands there already. */
export type Wanted = WantedScalar | WantedList | WantedMap;

export interface WantedScalar {
  readonly kind: "scalar";
  /** As YAML has it, quotes included. */
  readonly text: string;
}

export interface WantedList {
  readonly kind: "list";
  readonly items: readonly WantedScalar[];
}

export interface WantedMap {
  readonly kind: "map";
  readonly entries: ReadonlyMap<string, WantedEntry>;
  /** What says the same in short where the map says nothing else; null where there is no short form. */
  readonly short: Wanted | null;
}

export interface WantedEntry {
  readonly value: Wanted;
  /** It holds where nobody says it, and need not be added. */
  readonly isUsual: boolean;
}

/** Wanted values in one line: `{ roles: [admin, auditor], status: suspended }`. */
export function wantedText(wanted: Wanted): string {
  if (wanted.kind === "scalar") return wanted.text;
  if (wanted.kind === "list") {
    const [only, ...more] = wanted.items;
    return only && more.length === 0 ? only.text : `[${wanted.items.map(wantedText).join(", ")}]`;
  }
  if (wanted.short) return wantedText(wanted.short);
  const said = saidEntries(wanted).map(([name, { value }]) => `${keyText(name)}: ${wantedText(value)}`);
  return said.length === 0 ? "{}" : `{ ${said.join(", ")} }`;
}

/** The same below a key that stands at an indentation: in one line where that is short, else line by line. */
export function wantedBlock(key: string, wanted: Wanted, indent: string): string {
  const inOneLine = `${indent}${keyText(key)}: ${wantedText(wanted)}`;
  if (inOneLine.length <= 100 || wanted.kind !== "map" || wanted.short) return inOneLine;
  const lines = saidEntries(wanted).map(([name, { value }]) => wantedBlock(name, value, `${indent}  `));
  return [`${indent}${keyText(key)}:`, ...lines].join("\n");
}

function saidEntries({ entries }: WantedMap): (readonly [string, WantedEntry])[] {
  return [...entries].filter(([, { isUsual }]) => !isUsual);
}

/** A name or a text as a scalar that reads as text everywhere, also within brackets. */
export function textScalar(text: string): WantedScalar {
  const isPlain =
    /^[\p{L}\p{N}_./+$-][\p{L}\p{N}_./@+$%:*()' -]*$/u.test(text) &&
    !/: |:$| $|^[-?:]( |$)|^-+$|^\.+$|^(?:true|false|null|yes|no|on|off|~)$/i.test(text);
  return { kind: "scalar", text: isPlain ? text : JSON.stringify(text) };
}

export function keyText(name: string): string {
  return textScalar(name).text;
}
