import { nearName } from "../../diagnostic/near-name.ts";
import { quoted } from "../../diagnostic/quoted.ts";
import type { Condition, Operator } from "../../model/condition.ts";
import { allOperators, operatorsFor } from "../../model/condition.ts";
import type { Path } from "../../model/state.ts";
import { isList, type Value } from "../../model/value.ts";
import { parseVersionRange } from "../../model/version.ts";
import type { Placing, Report } from "../place.ts";
import { listed } from "./declared.ts";
import { type AttributeDeclaration, declaredNote, readAttributeValue } from "./values.ts";

/** What a condition may ask about in the place where it stands. */
export interface ConditionScope {
  readonly attribute: (name: string) => AttributeDeclaration | null;
  /** Its declaration is in error, which was reported there. */
  readonly isBroken: (name: string) => boolean;
  readonly attributeNames: () => Iterable<string>;
  readonly place: (path: Path, what?: "key" | "value") => Placing;
  readonly report: Report;
}

/**
 * Reads a condition: a map of attribute → value, list or operators, and-ed; `any`, `all` and `not` combine.
 * Null where there is a problem, which is reported.
 */
export function readCondition(written: Value, path: Path, scope: ConditionScope): Condition | null {
  if (written === null) return null;
  if (!isMap(written)) {
    scope.report("wrong-type", scope.place(path), "A condition is a map, as { org.plan: team }.");
    return null;
  }
  const parts = Object.entries(written).map(([name, test]) => readEntry(name, test, [...path, name], scope));
  if (parts.length === 0) {
    scope.report(
      "wrong-type",
      scope.place(path),
      "A condition without a single test says nothing. Take it away.",
    );
    return null;
  }
  return allOf(parts);
}

function readEntry(name: string, test: Value, path: Path, scope: ConditionScope): Condition | null {
  if (name === "not") {
    const inner = readCondition(test, path, scope);
    return inner && { not: inner };
  }
  if (name !== "any" && name !== "all") return readTests(name, test, path, scope);
  if (!isList(test) || test.length === 0) {
    scope.report("wrong-type", scope.place(path), `"${name}" takes a list of conditions.`);
    return null;
  }
  const parts = test.map((part, index) => readCondition(part, [...path, index], scope));
  if (name === "all") return allOf(parts);
  return parts.includes(null) ? null : { any: parts as Condition[] };
}

function readTests(attribute: string, test: Value, path: Path, scope: ConditionScope): Condition | null {
  const declared = scope.attribute(attribute);
  if (!declared) {
    if (!scope.isBroken(attribute)) reportUnknown(attribute, path, scope);
    return null;
  }
  if (!isMap(test)) return readTest({ attribute, declared, op: "in" }, test, path, scope);
  const tests = Object.entries(test).map(([word, value]) => {
    const at = [...path, word];
    const op = word === "not" ? "not_in" : (word as Operator);
    if (!allOperators.includes(op) || op === "in") {
      const words = wordsFor(declared.type);
      const near = nearName(word, words) ?? nearName(word, [...allOperators, "not"]);
      const help = near ? `Did you mean "${near}"?` : `There are: ${words.join(", ")}.`;
      const list = op === "in" ? `Write the list alone: { ${attribute}: [one, another] }.` : help;
      scope.report("bad-operator", scope.place(at, "key"), `"${word}" is not an operator. ${list}`);
      return null;
    }
    return readTest({ attribute, declared, op }, value, at, scope);
  });
  return allOf(tests);
}

function reportUnknown(attribute: string, path: Path, scope: ConditionScope): void {
  const names = [...new Set(scope.attributeNames())];
  const [subject] = attribute.split(".");
  const near = nearName(attribute, names);
  const alike = names.filter((name) => name.startsWith(`${subject}.`));
  const help = near === undefined ? listed(alike.length > 0 ? alike : names) : ` Did you mean "${near}"?`;
  const declared = near === undefined ? null : (scope.attribute(near)?.place ?? null);
  const detail = `Conditions here cannot ask for "${attribute}".${help}`;
  scope.report("unknown-attribute", scope.place(path, "key"), detail, declaredNote(declared));
}

/** Operators as they are written: a value or a list alone means `in`. */
function wordsFor(type: AttributeDeclaration["type"]): readonly string[] {
  return operatorsFor(type).flatMap((op) => (op === "in" ? ["not"] : [op]));
}

interface Test {
  readonly attribute: string;
  readonly declared: AttributeDeclaration;
  readonly op: Operator;
}

function readTest(
  { attribute, declared, op }: Test,
  value: Value,
  path: Path,
  scope: ConditionScope,
): Condition | null {
  if (!operatorsFor(declared.type).includes(op)) {
    const fitting = wordsFor(declared.type).join(", ");
    const detail = `"${op}" does not fit ${attribute}, which is a ${declared.type}. It takes a value, a list, or ${fitting}.`;
    scope.report("bad-operator", scope.place(path, "key"), detail, declaredNote(declared.place));
    return null;
  }
  const read = (one: Value, at: Path) =>
    readAttributeValue(one, operandOf(declared, op), scope.place(at), scope.report);
  if (op === "in" || op === "not_in" || (isList(value) && anyWillDo.includes(op))) {
    const values = isList(value)
      ? value.map((one, index) => read(one, [...path, index]))
      : [read(value, path)];
    return values.includes(undefined) ? null : { attribute, op, value: values as Value[] };
  }
  const operand = read(value, path);
  if (op === "semver" && typeof operand === "string" && !parseVersionRange(operand)) {
    const detail = `Expected a range of versions, as ">=1.4 <2", found ${quoted(operand)}.`;
    scope.report("value-type", scope.place(path), detail);
    return null;
  }
  return operand === undefined ? null : { attribute, op, value: operand };
}

/** Operators on text that take one value, or a list of which any will do. */
const anyWillDo: readonly Operator[] = ["starts_with", "ends_with", "contains"];

/** What an operator takes, which is not always what the attribute is. */
function operandOf(declared: AttributeDeclaration, op: Operator): AttributeDeclaration {
  if (op === "present") return { ...declared, type: "switch", choices: null };
  const isPart = op === "semver" || op === "starts_with" || op === "ends_with" || op === "contains";
  if (isPart || declared.type === "list") return { ...declared, type: "text", choices: null };
  return declared;
}

function allOf(parts: readonly (Condition | null)[]): Condition | null {
  if (parts.includes(null)) return null;
  const [first, ...others] = parts as Condition[];
  return first && others.length === 0 ? first : { all: parts as Condition[] };
}

export function isMap(value: Value | undefined): value is { readonly [name: string]: Value } {
  return typeof value === "object" && value !== null && !isList(value);
}
