import { isAlias, isMap, isScalar, isSeq, type ParsedNode, type Scalar, type YAMLMap } from "yaml";
import type { DiagnosticCode } from "../diagnostic/codes.ts";
import { type Diagnostic, diagnostic } from "../diagnostic/diagnostic.ts";
import { quoted } from "../diagnostic/quoted.ts";
import type { SourceFile, Span } from "../diagnostic/span.ts";
import type { Value } from "../model/value.ts";
import { checkKey } from "./check-key.ts";
import { colourHelp } from "./yaml-faults.ts";

type ParsedMap = YAMLMap.Parsed<ParsedNode, ParsedNode | null>;

/** The file that is read, and what was found in it so far. */
interface Reading {
  readonly file: SourceFile;
  readonly diagnostics: Diagnostic[];
}

/**
 * The value of a YAML tree, in one walk that also finds what is wrong with it. Its depth is limited before.
 *
 * `true`, `false` and plain numbers in their shortest form are what they look like; everything else, and everything
 * in quotes, is the text that was written (`1.10`, `10_000`, `2024-03-01`, `yes`). Keys are text.
 * A null stands where something was reported, and nowhere else.
 */
export function readValue(file: SourceFile, root: ParsedNode, diagnostics: Diagnostic[]): Value {
  return readNode(root, { file, diagnostics });
}

function readNode(node: ParsedNode, reading: Reading): Value {
  if (isScalar(node)) return readScalar(node as Scalar.Parsed, reading);
  if (isMap(node)) return readMap(node as ParsedMap, reading);
  if (isSeq(node)) return (node.items as ParsedNode[]).map((item) => readItem(item, reading));
  // an alias was reported when it was parsed
  return null;
}

function readItem(item: ParsedNode, reading: Reading): Value {
  if (!isMissing(item)) return readNode(item, reading);
  if (!hasProperty(item) && !reportColour(item.range[0], reading)) {
    const detail = "This item of the list has no value. Write one, or take the line away.";
    report("no-value", spanOf(item, reading), detail, reading);
  }
  return null;
}

function readMap(map: ParsedMap, reading: Reading): Value {
  const values: Record<string, Value> = {};
  let isRead = false;
  let firsts: ReadonlyMap<string, ParsedNode> | undefined;
  for (const { key, value } of map.items) {
    const name = readKey(key, value, reading);
    if (name === null) {
      if (value !== null && !isMissing(value)) readNode(value, reading);
      continue;
    }
    const read = readEntry(key, value, reading);
    isRead = true;
    if (!Object.hasOwn(values, name)) {
      values[name] = read;
      continue;
    }
    firsts ??= firstKeys(map);
    reportDuplicate(key, firsts.get(name), reading);
  }
  // where every key was reported, the map is too
  return isRead || map.items.length === 0 ? values : null;
}

/** A key's text; null where it cannot be a key, which was reported. */
function readKey(key: ParsedNode, value: ParsedNode | null, reading: Reading): string | null {
  if (isAlias(key)) return null;
  if (!isScalar(key)) {
    const { text } = reading.file;
    const [start] = key.range;
    const help =
      text.startsWith("{{", start) || text.startsWith("{{", start - 1)
        ? "Manifests have no templating: write the value, or put text in quotes."
        : "Put it in quotes if it is text.";
    report("bad-key", spanOf(key, reading), `A key is text, not a map or a list. ${help}`, reading);
    return null;
  }
  const name = textOf(key);
  if (value === null && isPlain(key) && name.includes(":")) {
    reportMissingSpace(key, name, reading);
    return null;
  }
  if (name === "<<" && isPlain(key)) {
    const detail = "<< is a merge key. Write the entries out, or share them through a template.";
    report("yaml-feature", spanOf(key, reading), detail, reading);
    return null;
  }
  const fault = checkKey(name);
  if (fault === null) return name;
  report("bad-key", spanOf(key, reading), fault, reading);
  return null;
}

/** `{a:1}` is one key that has no value. */
function reportMissingSpace(key: ParsedNode, name: string, reading: Reading): void {
  const meant = quoted(name.replace(/:\s*/, ": "));
  const detail = `To YAML ${quoted(name)} is one key without a value. Write ${meant} with a space, or give the key a value.`;
  report("quote-this", spanOf(key, reading), detail, reading);
}

function readEntry(key: ParsedNode, value: ParsedNode | null, reading: Reading): Value {
  if (value !== null) {
    if (!isMissing(value)) return readNode(value, reading);
    if (hasProperty(value) || reportColour(reading.file.text.indexOf(":", key.range[1]) + 1, reading))
      return null;
  }
  const detail = `${quoted(textOf(key))} has no value. Write one, or {} for an empty map, or take the key away.`;
  report("no-value", spanOf(key, reading), detail, reading);
  return null;
}

const colour = /[ \t]*(#[0-9a-fA-F]{3,8})(?![\w-])/y;

/** Whether a colour that became a comment stands where a value is missing; then it is reported. */
function reportColour(offset: number, reading: Reading): boolean {
  colour.lastIndex = offset;
  const found = colour.exec(reading.file.text)?.[1];
  if (found === undefined) return false;
  const end = colour.lastIndex;
  report("quote-this", { file: reading.file, start: end - found.length, end }, colourHelp(found), reading);
  return true;
}

function readScalar(scalar: Scalar.Parsed, reading: Reading): Value {
  const text = textOf(scalar);
  if (scalar.type === "PLAIN") return readPlain(text, scalar, reading);
  // only an escape can bring in what the file itself does not hold
  if (scalar.type === "QUOTE_DOUBLE" && /[\0\p{Cs}]/u.test(text)) {
    const detail =
      "An escape makes a character that no database can store: NUL, or half of a surrogate pair.";
    report("bad-text", spanOf(scalar, reading), detail, reading);
    return null;
  }
  return text;
}

const number = /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/;
const nothing = /^(?:~|null|Null|NULL)$/;
const bent = /^(?:0x[0-9a-fA-F]+|0o[0-7]+|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;

function readPlain(text: string, scalar: ParsedNode, reading: Reading): Value {
  if (text === "true") return true;
  if (text === "false") return false;
  if (!/^[-+.\d~nN]/.test(text)) return text;
  if (number.test(text)) return isExact(text) ? Number(text) : text;
  if (nothing.test(text)) {
    const detail =
      "Write a value, or take the key away. What a template gives is taken back with unset; text goes in quotes.";
    report("null-value", spanOf(scalar, reading), detail, reading);
    return null;
  }
  if (bent.test(text)) {
    const detail = `YAML reads ${text} as a number. Put it in quotes if it is text, or write the number in decimal.`;
    report("quote-this", spanOf(scalar, reading), detail, reading);
    return null;
  }
  return text;
}

/** Whether a number is written as it would be printed, and so loses nothing by being one. */
function isExact(text: string): boolean {
  const value = Number(text);
  return String(value) === text && (!Number.isInteger(value) || Number.isSafeInteger(value));
}

/** Whether nothing was written where a value could stand. */
export function isMissing(node: ParsedNode): boolean {
  return isScalar(node) && node.type === "PLAIN" && node.source === "";
}

function isPlain(node: ParsedNode): boolean {
  return isScalar(node) && node.type === "PLAIN";
}

/** Whether an anchor or a tag stands before it, which was reported. */
function hasProperty(node: ParsedNode): boolean {
  return node.tag !== undefined || (isScalar(node) && node.anchor !== undefined);
}

function textOf(node: ParsedNode): string {
  return isScalar(node) ? String(node.value ?? "") : "";
}

function firstKeys(map: ParsedMap): ReadonlyMap<string, ParsedNode> {
  const keys = new Map<string, ParsedNode>();
  for (const { key } of map.items) if (isScalar(key) && !keys.has(textOf(key))) keys.set(textOf(key), key);
  return keys;
}

function reportDuplicate(key: ParsedNode, first: ParsedNode | undefined, reading: Reading): void {
  const detail = `${quoted(textOf(key))} stands twice in the same map. Keep one of the two, or rename one.`;
  const notes = first ? [{ message: "first declared", at: spanOf(first, reading) }] : [];
  reading.diagnostics.push(diagnostic("duplicate-key", spanOf(key, reading), detail, notes));
}

function spanOf({ range: [start, end] }: ParsedNode, { file }: Reading): Span {
  return { file, start, end };
}

function report(code: DiagnosticCode, at: Span, detail: string, { diagnostics }: Reading): void {
  diagnostics.push(diagnostic(code, at, detail));
}
