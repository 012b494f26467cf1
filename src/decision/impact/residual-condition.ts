import type { AttributeTest, Condition } from "../../model/condition.ts";
import type { Truth } from "../condition.ts";

/**
 * What is left of a condition once everything that can be known is judged: true, false, or the part that depends on
 * what is not known, in the simplest form. A test whose truth is unknown stays as it is written.
 */
export function residualOf(condition: Condition, judge: (test: AttributeTest) => Truth): boolean | Condition {
  if ("attribute" in condition) {
    const truth = judge(condition);
    return truth === "unknown" ? condition : truth === "true";
  }
  if ("not" in condition) {
    const part = residualOf(condition.not, judge);
    return typeof part === "boolean" ? !part : { not: part };
  }
  const isAll = "all" in condition;
  const parts = (isAll ? condition.all : condition.any).map((part) => residualOf(part, judge));
  if (parts.includes(!isAll)) return !isAll;
  const left = parts.filter((part) => typeof part !== "boolean");
  if (left.length <= 1) return left[0] ?? isAll;
  return isAll ? { all: left } : { any: left };
}

/** The attributes that a condition asks about. */
export function attributesOf(condition: Condition): readonly string[] {
  if ("attribute" in condition) return [condition.attribute];
  if ("not" in condition) return attributesOf(condition.not);
  return ("all" in condition ? condition.all : condition.any).flatMap(attributesOf);
}
