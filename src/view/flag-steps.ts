import { bucketCount } from "../decision/bucket.ts";
import type { ExplainedRule, ExplainedSplit, FlagExplanation } from "../decision/explain-flag.ts";
import { printable } from "../diagnostic/printable.ts";
import { judgedText } from "./condition-steps.ts";
import { overrideSteps } from "./override-steps.ts";

/** What was looked at for a flag: the overrides at each level, then each rule in order. */
export function flagSteps(
  { overrides, rules }: FlagExplanation,
  placed: (address: string) => string,
): string[] {
  if (overrides.length === 0) return [];
  const isOverridden = overrides.some(({ isInForce }) => isInForce);
  return [
    ...overrideSteps(overrides, placed),
    "",
    isOverridden ? "Rules, which the override goes before" : "Rules, in order",
    ...(rules.length === 0 ? ["  none"] : rules.flatMap((rule) => ruleText(rule, placed))),
  ];
}

const outcomes = {
  serves: "serves",
  "condition-false": "does not match",
  "outside-share": "is for others",
  unknown: "cannot be judged",
} as const satisfies Record<ExplainedRule["outcome"], string>;

function ruleText(rule: ExplainedRule, placed: (address: string) => string): string[] {
  const { by, rollout, bucket, split, outcome } = rule;
  return [
    `  ${outcomes[outcome]}: ${placed(rule.rule)}`,
    `    ${judgedText(rule)}`,
    ...(rollout === null ? [] : [`    for ${percent(rollout)} of ${by}s: ${shareText(bucket, by)}`]),
    ...(split === null ? [] : [`    split ${sharesText(split)} of ${by}s: ${shareText(split.bucket, by)}`]),
  ];
}

function shareText(bucket: number | null, by: ExplainedRule["by"]): string {
  return bucket === null ? `where this ${by} is, is not known` : `this ${by} is at ${percent(bucket)}`;
}

/** `new 50%, test 50%` */
function sharesText({ shares }: ExplainedSplit): string {
  return shares
    .map(({ variant, below }, index) => {
      const size = below - (shares[index - 1]?.below ?? 0);
      return `${printable(variant ?? "")} ${percent(size)}`;
    })
    .join(", ");
}

/** A bucket, or so many of them: `31.224%`. */
function percent(buckets: number): string {
  return `${(buckets * 100) / bucketCount}%`;
}
