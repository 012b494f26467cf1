import { isAlias, isMap, isScalar, isSeq, type ParsedNode, type Scalar, type YAMLMap } from "yaml";
import type { DiagnosticCode } from "../diagnostic/codes.ts";
import { type Diagnostic, diagnostic, type Note } from "../diagnostic/diagnostic.ts";
import { quoted } from "../diagnostic/quoted.ts";
import type { SourceFile } from "../diagnostic/span.ts";
import type { Value } from "../model/value.ts";
import { checkKey } from "./check-key.ts";
import { colourHelp } from "./yaml-faults.ts";

type ParsedMap = YAMLMap.Parsed<ParsedNode, ParsedNode | null>;
type Place = readonly [start: number, end: number, ...rest: number[]];

/** Where reading is, and what it has found. */
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
  // an alias was reported when it was parsed
  if (!isSeq(node)) return null;
  return (node.items as ParsedNode[]).map((item) =>
    isMissing(item) ? noItem(item, reading) : readNode(item, reading),
  );
}

function noItem(item: ParsedNode, reading: Reading): null {
  if (hasProperty(item)) return null;
  const colour = colourBehind(reading.file.text, item.range[0]);
  const detail = colour
    ? colourHelp(colour)
    : "This item of the list has no value. Write one, or take the line away.";
  report(reading, colour ? "quote-this" : "no-value", item.range, detail);
  return null;
}

function readMap(map: ParsedMap, reading: Reading): Value {
  const values: Record<string, Value> = {};
  let firsts: Map<string, ParsedNode> | undefined;
  for (const { key, value } of map.items) {
    const name = readKey(key, reading);
    const bent = name !== null && value === null && isPlain(key) ? /^([^:]+):(.+)$/s.exec(name) : null;
    const read = bent ? readBent(key, bent, reading) : readEntry(key, value, reading);
    const field = bent?.[1] ?? name;
    if (field === null) continue;
    if (!Object.hasOwn(values, field)) {
      values[field] = read;
      continue;
    }
    firsts ??= firstKeys(map);
    const first = firsts.get(field);
    const notes = first ? [{ message: "first declared", at: spanOf(reading, first.range) }] : [];
    const detail = `${quoted(field)} is declared twice in the same map. Keep one of the two, or give one another name.`;
    report(reading, "duplicate-key", key.range, detail, notes);
  }
  return values;
}

/** A key's text, or null where it cannot be a key. */
function readKey(key: ParsedNode, reading: Reading): string | null {
  const { text } = reading.file;
  if (isAlias(key)) return null;
  if (!isScalar(key)) {
    const isTemplate = text.startsWith("{{", key.range[0] - 1) || text.startsWith("{{", key.range[0]);
    const help = isTemplate
      ? "Manifests have no templating: write the value, or put text in quotes."
      : "Put it in quotes if it is text.";
    report(reading, "bad-key", key.range, `A key is text, not a map or a list. ${help}`);
    return null;
  }
  const name = textOf(key as Scalar.Parsed);
  if (name === "<<" && isPlain(key)) {
    const detail = "<< is a merge key. Write the entries out, or share them through a template.";
    report(reading, "yaml-feature", key.range, detail);
    return null;
  }
  const fault = checkKey(name);
  if (fault === null) return name;
  report(reading, "bad-key", key.range, fault);
  return null;
}

/** `{a:1}`: without a space after the colon it is a key that has no value. */
function readBent(key: ParsedNode, [written, name, rest]: RegExpExecArray, reading: Reading): null {
  const detail = `To YAML ${quoted(written)} is one key without a value. Write a space after the colon, ${quoted(`${name}: ${rest}`)}, or put the key in quotes and give it a value.`;
  report(reading, "quote-this", key.range, detail);
  return null;
}

function readEntry(key: ParsedNode, value: ParsedNode | null, reading: Reading): Value {
  if (value !== null && !isMissing(value)) return readNode(value, reading);
  if (value !== null && hasProperty(value)) return null;
  const { text } = reading.file;
  const colon = value === null ? -1 : text.indexOf(":", key.range[1]);
  const colour = colon < 0 ? null : colourBehind(text, colon + 1);
  if (colour) {
    const start = text.indexOf("#", colon);
    report(reading, "quote-this", [start, start + colour.length], colourHelp(colour));
  } else {
    const name = quoted(text.slice(key.range[0], key.range[1]).replace(/^(["'])(.*)\1$/s, "$2"));
    const detail = `${name} has no value. Write one, or {} for an empty map, or take the key away.`;
    report(reading, "no-value", key.range, detail);
  }
  return null;
}

function readScalar(scalar: Scalar.Parsed, reading: Reading): Value {
  const text = textOf(scalar);
  if (scalar.type === "PLAIN") return readPlain(text, scalar, reading);
  // only an escape can bring in what the file itself does not hold
  if (scalar.type === "QUOTE_DOUBLE" && /[\0\p{Cs}]/u.test(text)) {
    const detail =
      "An escape makes a character that no database can store: NUL, or half of a surrogate pair.";
    report(reading, "bad-text", scalar.range, detail);
    return null;
  }
  return text;
}

const number = /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/;
const nothing = /^(?:~|null|Null|NULL)$/;
const bent = /^(?:0x[0-9a-fA-F]+|0o[0-7]+|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;

function readPlain(text: string, scalar: Scalar.Parsed, reading: Reading): Value {
  if (text === "true") return true;
  if (text === "false") return false;
  if (!/^[-+.\d~nN]/.test(text)) return text;
  if (number.test(text)) return isExact(text) ? Number(text) : text;
  if (nothing.test(text)) {
    const detail = `${text} stands for nothing. Write a value, or take the key away; what a template gives is taken back with unset; text goes in quotes.`;
    report(reading, "null-value", scalar.range, detail);
    return null;
  }
  if (bent.test(text)) {
    const detail = `YAML reads ${text} as a number. Put it in quotes if it is text, or write the number in decimal.`;
    report(reading, "quote-this", scalar.range, detail);
    return null;
  }
  return text;
}

/** Whether a number is written as it would be printed, and so loses nothing by being one. */
function isExact(text: string): boolean {
  const value = Number(text);
  return String(value) === text && (!Number.isInteger(value) || Number.isSafeInteger(value));
}

function textOf(scalar: Scalar.Parsed): string {
  return typeof scalar.value === "string" ? scalar.value : (scalar.source ?? "");
}

/** Whether nothing was written where a value could stand. */
export function isMissing(node: ParsedNode): boolean {
  return isPlain(node) && node.source === "";
}

function isPlain(node: ParsedNode): node is Scalar.Parsed {
  return isScalar(node) && node.type === "PLAIN";
}

/** Whether an anchor or a tag stands before it, which was reported. */
function hasProperty(node: ParsedNode): boolean {
  return node.tag !== undefined || (isScalar(node) && node.anchor !== undefined);
}

const colour = /[ \t]+(#[0-9a-fA-F]{3,8})(?![\w-])/y;

/** The colour that became a comment behind a colon or a dash. */
function colourBehind(text: string, offset: number): string | null {
  colour.lastIndex = offset;
  return colour.exec(text)?.[1] ?? null;
}

function firstKeys(map: ParsedMap): Map<string, ParsedNode> {
  const keys = new Map<string, ParsedNode>();
  for (const { key } of map.items) {
    const name = isScalar(key) ? textOf(key as Scalar.Parsed) : null;
    if (name !== null && !keys.has(name)) keys.set(name, key);
  }
  return keys;
}

function spanOf({ file }: Reading, [start, end]: Place) {
  return { file, start, end };
}

function report(
  reading: Reading,
  code: DiagnosticCode,
  at: Place,
  detail: string,
  notes: readonly Note[] = [],
): void {
  reading.diagnostics.push(diagnostic(code, spanOf(reading, at), detail, notes));
}
