import type { AttributeTest, Condition } from "../../model/condition.ts";
import type { Truth } from "../condition.ts";

/**
 * What is left of a condition once everything that can be known is judged: true, false, or the part that depends on
 * what is `open`, in the simplest form. A test that is open stays as it is written. One whose truth is unknown for
 * good, since what it asks about is missing, counts as `unknown` says, also under `not`: the opposite of unknown is
 * unknown too.
 */
export function residualOf(
  condition: Condition,
  judge: (test: AttributeTest) => Truth | "open",
  unknown: boolean,
): boolean | Condition {
  if ("attribute" in condition) {
    const truth = judge(condition);
    if (truth === "open") return condition;
    return truth === "unknown" ? unknown : truth === "true";
  }
  if ("not" in condition) {
    const part = residualOf(condition.not, judge, !unknown);
    return typeof part === "boolean" ? !part : { not: part };
  }
  const isAll = "all" in condition;
  const parts = (isAll ? condition.all : condition.any).map((part) => residualOf(part, judge, unknown));
  if (parts.includes(!isAll)) return !isAll;
  const left = parts.filter((part) => typeof part !== "boolean");
  if (left.length <= 1) return left[0] ?? isAll;
  return isAll ? { all: left } : { any: left };
}
