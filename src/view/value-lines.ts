import { printable } from "../diagnostic/printable.ts";
import { byCodeUnit, isList, type Value } from "../model/value.ts";
import { isMap, itemText, plainText } from "./value-text.ts";

/** Longer than this, a value is shown by its lines. */
const shortest = 60;

/** Whether a value is better read line by line: it has several lines, or one that is long. */
export function isLong(value: Value, text: string): boolean {
  return text.length > shortest || (typeof value === "string" && value.includes("\n"));
}

/**
 * A value in lines that a diff can compare, safe to print: a text by its lines and sentences, a list by its
 * items, a map by its entries in the order of their names.
 */
export function valueLines(field: string, value: Value): string[] {
  if (value === null) return [];
  if (isList(value)) return value.flatMap((item) => itemLines(itemText(field, item)));
  if (isMap(value)) return mapLines(value);
  return typeof value === "string" ? textLines(value) : [plainText(value)];
}

/** Sentences stand on lines of their own, so that a changed word does not move all that follows it. */
function textLines(text: string): string[] {
  return text
    .replace(/\n$/, "")
    .split("\n")
    .flatMap((line) => (line.length > shortest ? line.split(/(?<=[.!?;]) +(?=\S)/) : [line]))
    .map(printable);
}

/** A long item, such as a rule, is broken where its condition goes on. */
function itemLines(text: string): string[] {
  if (text.length <= shortest) return [text];
  return text.split(/ (?=(?:if|and) )/).map((line, index) => (index === 0 ? line : `  ${line}`));
}

function mapLines(map: { readonly [name: string]: Value }): string[] {
  return Object.keys(map)
    .sort(byCodeUnit)
    .flatMap((name) => {
      const value = map[name] ?? null;
      const text = plainText(value);
      if (!isLong(value, text)) return [`${printable(name)}: ${text}`];
      const isListed = isList(value);
      const lines = isListed ? value.map(plainText) : valueLines(name, value);
      return [`${printable(name)}:`, ...lines.map((line) => `  ${isListed ? "- " : ""}${line}`)];
    });
}
