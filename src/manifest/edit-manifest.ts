import { isMap, isScalar, isSeq, type ParsedNode, type YAMLMap } from "yaml";
import { readYaml } from "./read-yaml.ts";
import { keyText, type Wanted, type WantedMap, wantedBlock, wantedText } from "./wanted.ts";

/**
 * A manifest's text in which what stands at a path is what is wanted; null takes it away. Only the bytes that
 * have to differ do: comments, quotes and layout of everything else stay. Null where it cannot be done safely.
 */
export function editManifest(text: string, path: readonly string[], wanted: Wanted | null): string | null {
  // One splice at a time, and each on the text as it then is: positions never go stale.
  for (let splices = 0; splices < 1_000; splices++) {
    const top = readYaml(text).contents;
    if (!top || !isMap(top)) return null;
    const splice = nextSplice({ text, map: top as ParsedMap, path, wanted });
    if (splice === "none") return text;
    if (splice === null) return null;
    text = text.slice(0, splice.start) + splice.text + text.slice(splice.end);
  }
  return null;
}

type ParsedMap = YAMLMap.Parsed<ParsedNode, ParsedNode | null>;
type Item = ParsedMap["items"][number];

interface Splice {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Nothing is left to be done, something is, or it cannot be done. */
type Next = Splice | "none" | null;

interface Place {
  readonly text: string;
  readonly map: ParsedMap;
  readonly path: readonly string[];
  readonly wanted: Wanted | null;
}

function nextSplice(place: Place): Next {
  const { map, text, wanted } = place;
  const [name = "", ...rest] = place.path;
  const item = itemOf(map, name);
  if (rest.length > 0) {
    if (item && isMap(item.value)) return nextSplice({ ...place, map: item.value as ParsedMap, path: rest });
    if (wanted === null) return "none";
    const nested = rest.reduceRight<Wanted>((value, key) => mapWith(key, value), wanted);
    return item ? replace(text, item, nested) : insert(place, name, nested);
  }
  if (wanted === null) return item ? remove(text, map, item) : "none";
  return item ? matching(text, item, wanted) : insert(place, name, wanted);
}

function mapWith(key: string, value: Wanted): WantedMap {
  return { kind: "map", entries: new Map([[key, { value, isUsual: false }]]), short: null };
}

/** The first thing to do so that the value of an item is what is wanted. */
function matching(text: string, item: Item, wanted: Wanted): Next {
  const { value } = item;
  if (wanted.kind === "map" && value && isMap(value)) return matchingMap(text, value as ParsedMap, wanted);
  const short = wanted.kind === "map" ? wanted.short : wanted;
  if (value && short && says(value, short)) return "none";
  return replace(text, item, wanted);
}

function matchingMap(text: string, map: ParsedMap, wanted: WantedMap): Next {
  const names = new Set([...wanted.entries.keys()].map((name) => name.toLowerCase()));
  const extra = map.items.find((item) => !names.has(nameOf(item).toLowerCase()));
  if (extra) return remove(text, map, extra);
  for (const [name, { value, isUsual }] of wanted.entries) {
    const item = itemOf(map, name);
    if (!item && isUsual) continue;
    const next = item ? matching(text, item, value) : insert({ text, map }, name, value);
    if (next !== "none") return next;
  }
  return "none";
}

/** Whether a node already says a scalar or a list; one thing may stand for a list of one. */
function says(node: ParsedNode, wanted: Wanted): boolean {
  const items = wanted.kind === "list" ? wanted.items : wanted.kind === "scalar" ? [wanted] : null;
  if (!items) return false;
  const written = isSeq(node) ? (node.items as ParsedNode[]) : [node];
  if (!isSeq(node) && items.length !== 1) return false;
  return (
    written.length === items.length &&
    written.every((one, index) => isScalar(one) && sameScalar(String(one.value), items[index]?.text ?? ""))
  );
}

function sameScalar(value: string, text: string): boolean {
  const wanted = text.startsWith('"') ? (JSON.parse(text) as string) : text;
  if (value === wanted) return true;
  const numbers = [value, wanted].map((one) =>
    /^[\d_.]+$/.test(one) ? Number(one.replaceAll("_", "")) : NaN,
  );
  return numbers[0] === numbers[1];
}

function replace(text: string, { key, value }: Item, wanted: Wanted): Next {
  const start = value ? value.range[0] : endOf(key, text);
  const end = value ? endOf(value, text) : start;
  const between = text.slice(endOf(key, text), start);
  // What stands below its key comes up beside it, unless a comment stands between.
  const isBelow = between.includes("\n") && !between.includes("#");
  const from = isBelow || !value || end === value.range[0] ? endOf(key, text) : start;
  const colon = from === start ? "" : ": ";
  const after =
    from === start ? end : Math.max(end, from + (/^\s*:/.exec(text.slice(from))?.[0].length ?? 0));
  return { start: from, end: after, text: colon + wantedText(wanted) };
}

function insert({ text, map }: Pick<Place, "text" | "map">, name: string, wanted: Wanted): Next {
  const last = map.items.at(-1);
  if (map.flow) {
    const entry = `${keyText(name)}: ${wantedText(wanted)}`;
    if (!last) return { start: map.range[0], end: map.range[1], text: `{ ${entry} }` };
    const at = endOf(last.value ?? last.key, text);
    return { start: at, end: at, text: `, ${entry}` };
  }
  if (!last) return null;
  const indent = indentOf(text, last.key.range[0]);
  if (indent === null) return null;
  const at = lineEnd(text, endOf(last.value ?? last.key, text));
  return { start: at, end: at, text: `\n${wantedBlock(name, wanted, indent)}` };
}

function remove(text: string, map: ParsedMap, item: Item): Next {
  const index = map.items.indexOf(item);
  if (map.items.length === 1) {
    if (map.flow) return { start: map.range[0], end: map.range[1], text: "{}" };
    const start = item.key.range[0];
    // The key before it stands on a line above, and takes the empty map beside it.
    const above = text.slice(0, start).trimEnd();
    if (!above.endsWith(":")) return null;
    return { start: above.length, end: endOf(item.value ?? item.key, text), text: " {}" };
  }
  if (map.flow) {
    const next = map.items[index + 1];
    const before = map.items[index - 1];
    if (next) return { start: item.key.range[0], end: next.key.range[0], text: "" };
    const start = endOf(before?.value ?? (before as Item).key, text);
    return { start, end: endOf(item.value ?? item.key, text), text: "" };
  }
  const indent = indentOf(text, item.key.range[0]);
  if (indent === null) return null;
  const start = item.key.range[0] - indent.length;
  return {
    start,
    end: Math.min(text.length, lineEnd(text, endOf(item.value ?? item.key, text)) + 1),
    text: "",
  };
}

/** The blanks before a key; null where something else stands on its line. */
function indentOf(text: string, start: number): string | null {
  const before = text.slice(text.lastIndexOf("\n", start - 1) + 1, start);
  return /^ *$/.test(before) ? before : null;
}

function lineEnd(text: string, from: number): number {
  const end = text.indexOf("\n", from);
  return end === -1 ? text.length : end;
}

/** Where a node's last character ends: not the line, the comments and the blank lines after it. */
function endOf(node: ParsedNode, text: string): number {
  if ((isMap(node) || isSeq(node)) && !node.flow) {
    const last = (node.items as (Item | ParsedNode)[]).at(-1);
    if (last)
      return "key" in last && "value" in last && !("range" in last)
        ? endOfItem(last, text)
        : endOf(last as ParsedNode, text);
  }
  let end = node.range[1];
  while (isScalar(node) && end > node.range[0] + 1 && /\s/.test(text[end - 1] as string)) end--;
  return end;
}

function endOfItem({ key, value }: Item, text: string): number {
  return value && value.range[1] > value.range[0] ? endOf(value, text) : endOf(key, text);
}

function itemOf(map: ParsedMap, name: string): Item | undefined {
  return (
    map.items.find((item) => nameOf(item) === name) ??
    map.items.find((item) => nameOf(item).toLowerCase() === name.toLowerCase())
  );
}

function nameOf({ key }: Item): string {
  return isScalar(key) ? String(key.value) : "";
}
