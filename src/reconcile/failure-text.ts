import { reasons } from "../decision/reason.ts";
import type { TestFailure } from "../decision/run-catalog-tests.ts";
import { plainText } from "../view/value-text.ts";

/** `expects 5 of entitlements.seats, and gets 3. The plan in force says so: catalog/plan/free@1.` */
export function failureText({
  expectation,
  expected,
  actual,
  reason,
  decidedBy,
  detail,
}: TestFailure): string {
  if (reason === null) return `${detail ?? "cannot be run"}.`;
  const why = decidedBy === null ? `${reasons[reason]}.` : `${reasons[reason]}: ${decidedBy}.`;
  const outcome = `expects ${plainText(expected)} of ${expectation}, and gets ${plainText(actual)}.`;
  return `${outcome} ${detail === null ? why : `${detail}.`}`;
}
