import type { Condition } from "../model/condition.ts";
import type { Value } from "../model/value.ts";
import { attributeOf } from "./attribute.ts";
import type { Question } from "./question.ts";
import type { PermissionSnapshot } from "./snapshot.ts";

/** An attribute that a condition asks about, and what was found. */
export interface AskedAttribute {
  readonly name: string;
  /** null: it is missing. */
  readonly value: Value;
}

/**
 * What a condition asks about, each once, with the values that it was judged by; in a grant `permission` is the one
 * that it is judged for.
 */
export function askedAttributes(
  condition: Condition | null,
  question: Question,
  permission: PermissionSnapshot | null,
): readonly AskedAttribute[] {
  const names = condition === null ? [] : attributesOf(condition);
  return [...new Set(names)].map((name) => {
    const { read } = attributeOf(question.org.catalog, name, permission);
    return { name, value: read(question) ?? null };
  });
}

/** The attributes that a condition asks about. */
export function attributesOf(condition: Condition): readonly string[] {
  if ("attribute" in condition) return [condition.attribute];
  if ("not" in condition) return attributesOf(condition.not);
  return ("all" in condition ? condition.all : condition.any).flatMap(attributesOf);
}
