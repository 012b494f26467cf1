import type { Value } from "../model/value.ts";
import type { Truth } from "./condition.ts";
import { overrideFor } from "./override.ts";
import { memberOf, placeFault, type Question } from "./question.ts";
import type { Reason } from "./reason.ts";
import type { FlagSnapshot, RuleSnapshot } from "./snapshot.ts";

export interface FlagDecision {
  readonly kind: "flag";
  /** null only where the flag is unknown. */
  readonly value: Value;
  /** The name of the value, where the flag has variants. */
  readonly variant: string | null;
  readonly reason: Reason;
  /** `catalog/flag/new_dashboard#rules/0`, `acme/flag/new_dashboard@web/live`; null where nothing decided. */
  readonly decidedBy: string | null;
  /** A rule before that could not be judged, and might have decided otherwise. */
  readonly undetermined: Undetermined | null;
}

export interface Undetermined {
  /** `catalog/flag/new_dashboard#rules/1` */
  readonly rule: string;
  /** What was missing: an attribute, or the id or salt that a bucket is made from. */
  readonly lacks: "attribute" | "bucket";
}

/**
 * What a flag is for whoever asks: the nearest override in force, else the first rule that matches, else the
 * default. A rule whose condition is unknown, or whose share cannot be determined, does not match. Asked about
 * a place that does not exist it is the default. An org's status has no influence but through `org.status`.
 * Decisions are shared between calls and never change.
 */
export function decideFlag(question: Question, name: string): FlagDecision {
  const { catalog, flags } = question.org;
  const flag = catalog.flags.get(name);
  if (!flag) return unknownFlag;
  const fault = placeFault(question);
  if (fault) return { ...flag.otherwise, reason: fault };
  return overrideFor(flags.get(name), question) ?? decideByRules(question, flag);
}

const unknownFlag: FlagDecision = {
  kind: "flag",
  value: null,
  variant: null,
  reason: "unknown-flag",
  decidedBy: null,
  undetermined: null,
};

function decideByRules(question: Question, flag: FlagSnapshot): FlagDecision {
  let undetermined: Undetermined | null = null;
  for (const rule of flag.rules) {
    const truth = truthOfRule(rule, question);
    if (truth === "unknown") undetermined ??= rule.lacksAttribute;
    if (truth !== "true") continue;
    const decision = decideByRule(question, flag, rule);
    if (decision === "unknown") {
      // The first missing bucket is told before any missing attribute: it is a fault, the other an everyday matter.
      if (undetermined?.lacks !== "bucket") undetermined = rule.lacksBucket;
    } else if (decision) {
      return undetermined ? { ...decision, undetermined } : decision;
    }
  }
  if (!undetermined) return flag.otherwise;
  const reason = undetermined.lacks === "bucket" ? "undetermined" : flag.otherwise.reason;
  return { ...flag.otherwise, reason, undetermined };
}

export function truthOfRule({ test }: RuleSnapshot, question: Question): Truth {
  return test === null ? "true" : test(question);
}

/** What spreads whoever asks over a rule's shares; null: it is not known. */
export function spreadBy({ by }: RuleSnapshot, question: Question): string | null {
  return by === "org" ? question.org.id : (memberOf(question)?.id ?? null);
}

/** null: whoever asks is outside of the rule's share. */
export function decideByRule(
  question: Question,
  flag: FlagSnapshot,
  rule: RuleSnapshot,
): FlagDecision | null | "unknown" {
  const { rollout, serves } = rule;
  if (rollout === null && "kind" in serves) return serves;
  const { rolloutBucket, splitBucket } = flag;
  const id = spreadBy(rule, question);
  if (id === null || rolloutBucket === null || splitBucket === null) return "unknown";
  if (rollout !== null && rolloutBucket(id) >= rollout) return null;
  if ("kind" in serves) return serves;
  const bucket = splitBucket(id);
  for (const share of serves) {
    if (bucket < share.below) return share.decision;
  }
  return null;
}
