import { isMap, isScalar, isSeq, type ParsedNode, type YAMLMap } from "yaml";
import { lineSpan } from "../diagnostic/position.ts";
import type { SourceFile, Span } from "../diagnostic/span.ts";
import type { Path } from "../model/state.ts";
import { readYaml } from "./read-yaml.ts";

type ParsedMap = YAMLMap.Parsed<ParsedNode, ParsedNode | null>;

/** A node of a file, with the key that it stands behind; items of lists and the top have none. */
interface Found {
  readonly key: ParsedNode | null;
  readonly value: ParsedNode | null;
}

/**
 * Where the value at a path, or its key, stands in a file. Positions are not kept while reading:
 * the few files that somebody has to see are parsed again.
 *
 * Steps that a short form leaves out are skipped, so that `members/bo/roles/1` finds `auditor` in `bo: [admin, auditor]`.
 * Where the path leads further than the file, the place is the key of the last entry on the way, or the first line.
 * Of files that are laid over each other, the nearest one counts that the path leads furthest into.
 */
export function locate(file: SourceFile, path: Path, what: "key" | "value"): Span {
  const walked = walk(file, path);
  const below = file.over;
  if (below !== undefined && walked.steps < path.length && walk(below, path).steps > walked.steps)
    return locate(below, path, what);
  const isWhole = walked.steps === path.length;
  return spanOf(file, walked.here, isWhole ? what : "key", walked.top);
}

/** How far a path leads into a file, and where to. */
function walk(file: SourceFile, path: Path) {
  const top: Found = { key: null, value: topOf(file) };
  let here = top;
  for (const [steps, step] of path.entries()) {
    const next = follow(here, step, path[steps + 1]);
    if (next === null) return { here, top, steps };
    here = next;
  }
  return { here, top, steps: path.length };
}

/** One step down; the same place where a short form has no such step, null where the file has nothing there. */
function follow(here: Found, step: string | number, following: string | number | undefined): Found | null {
  const { value } = here;
  if (value !== null && isMap(value)) {
    const entry = entryOf(value as ParsedMap, String(step));
    // where one thing may stand for a list, a map is its first item
    return entry ?? (typeof step === "number" ? here : null);
  }
  if (value === null || !isSeq(value)) return here;
  const items = value.items as ParsedNode[];
  if (typeof step === "number") {
    const item = items[step];
    return item ? { key: null, value: item } : null;
  }
  // a list of names can stand for a map of them
  const named = typeof following === "number" ? undefined : itemNamed(items, step);
  return named ? { key: null, value: named } : here;
}

/** The item as it is written, or else as it is kept: in lower case. */
function itemNamed(items: readonly ParsedNode[], name: string): ParsedNode | undefined {
  const lower = name.toLowerCase();
  return (
    items.find((item) => textOf(item) === name) ?? items.find((item) => textOf(item)?.toLowerCase() === lower)
  );
}

function spanOf(file: SourceFile, here: Found, what: "key" | "value", top: Found): Span {
  // the whole file is no place to point at
  if (here === top) return lineSpan(file, 1);
  const node = what === "key" || !isWritten(here.value) ? (here.key ?? here.value) : here.value;
  return node ? { file, start: node.range[0], end: endOf(node, file.text) } : lineSpan(file, 1);
}

function isWritten(node: ParsedNode | null): boolean {
  return node !== null && node.range[1] > node.range[0];
}

/** Where a node's last character ends: not the line, the comments and the blank lines after it. */
function endOf(node: ParsedNode, text: string): number {
  if (isScalar(node)) {
    let end = node.range[1];
    while (end > node.range[0] + 1 && /\s/.test(text[end - 1] as string)) end--;
    return end;
  }
  if (isMap(node) && !node.flow) {
    const last = (node as ParsedMap).items.at(-1);
    if (last) return endOf(isWritten(last.value) ? (last.value as ParsedNode) : last.key, text);
  }
  if (isSeq(node) && !node.flow) {
    const last = (node.items as ParsedNode[]).at(-1);
    if (last) return endOf(last, text);
  }
  return node.range[1];
}

/** Names as they are written, and after them in lower case, as addresses are kept. The first of two counts. */
const entries = new WeakMap<ParsedMap, ReadonlyMap<string, Found>>();

function entryOf(map: ParsedMap, name: string): Found | null {
  const found = entries.get(map) ?? entriesOf(map);
  entries.set(map, found);
  return found.get(`=${name}`) ?? found.get(`~${name.toLowerCase()}`) ?? null;
}

function entriesOf(map: ParsedMap): ReadonlyMap<string, Found> {
  const found = new Map<string, Found>();
  for (const entry of map.items) {
    const name = textOf(entry.key);
    if (name === undefined) continue;
    for (const text of [`=${name}`, `~${name.toLowerCase()}`]) if (!found.has(text)) found.set(text, entry);
  }
  return found;
}

function textOf(node: ParsedNode): string | undefined {
  return isScalar(node) ? String(node.value) : undefined;
}

/** Trees take many times the memory of their text, so only those of the last few files are kept. */
const recent = new Map<SourceFile, ParsedNode | null>();
const mostRecent = 4;

function topOf(file: SourceFile): ParsedNode | null {
  const known = recent.get(file);
  const top = known === undefined ? read(file.text) : known;
  recent.delete(file);
  recent.set(file, top);
  for (const oldest of recent.keys()) {
    if (recent.size <= mostRecent) break;
    recent.delete(oldest);
  }
  return top;
}

function read(text: string): ParsedNode | null {
  try {
    return readYaml(text).contents;
  } catch {
    // whoever parsed the file has reported it
    return null;
  }
}
