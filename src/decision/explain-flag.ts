import type { Condition } from "../model/condition.ts";
import { type AskedAttribute, askedAttributes } from "./asked-attributes.ts";
import type { Truth } from "./condition.ts";
import { decideByRule, decideFlag, type FlagDecision, spreadBy, truthOfRule } from "./decide-flag.ts";
import { explainOverride, type LookedFor } from "./explain-override.ts";
import type { Question } from "./question.ts";
import type { FlagSnapshot, RuleSnapshot } from "./snapshot.ts";

/** A flag's decision with all that was looked at, for people. */
export interface FlagExplanation {
  readonly decision: FlagDecision;
  /** Where an override was looked for, the nearest first. */
  readonly overrides: readonly LookedFor<FlagDecision>[];
  /** Every rule that can ever serve, in order: the first that serves decides where no override is in force. */
  readonly rules: readonly ExplainedRule[];
}

export interface ExplainedRule {
  /** `catalog/flag/new_dashboard#rules/0` */
  readonly rule: string;
  /** null: always. */
  readonly condition: Condition | null;
  readonly truth: Truth;
  readonly attributes: readonly AskedAttribute[];
  readonly by: "org" | "member";
  /** The buckets that it is for are those below, of 100,000; null: all. */
  readonly rollout: number | null;
  /** The org's or member's bucket in the rollout; null: there is none, or it is not known. */
  readonly bucket: number | null;
  /** By variant the buckets of a split, the first below the first, and the bucket in it; null: there is no split. */
  readonly split: ExplainedSplit | null;
  /** Without the rules before it: what it serves, that it does not match, or that this cannot be said. */
  readonly outcome: "serves" | "condition-false" | "outside-share" | "unknown";
}

export interface ExplainedSplit {
  readonly bucket: number | null;
  readonly shares: readonly { readonly variant: string | null; readonly below: number }[];
}

/** Why `decideFlag` answers as it does. */
export function explainFlag(question: Question, name: string): FlagExplanation {
  const { catalog, flags } = question.org;
  const flag = catalog.flags.get(name);
  return {
    decision: decideFlag(question, name),
    overrides: flag ? explainOverride(flags.get(name), question) : [],
    rules: flag ? flag.rules.map((rule) => explainedRule(rule, flag, question)) : [],
  };
}

function explainedRule(rule: RuleSnapshot, flag: FlagSnapshot, question: Question): ExplainedRule {
  const { condition, by, rollout, serves } = rule;
  const id = spreadBy(rule, question);
  const bucketBy = (bucketOf: FlagSnapshot["rolloutBucket"]) =>
    id === null || bucketOf === null ? null : bucketOf(id);
  return {
    rule: rule.address,
    condition,
    truth: truthOfRule(rule, question),
    attributes: askedAttributes(condition, question, null),
    by,
    rollout,
    bucket: rollout === null ? null : bucketBy(flag.rolloutBucket),
    split:
      "kind" in serves
        ? null
        : {
            bucket: bucketBy(flag.splitBucket),
            shares: serves.map(({ below, decision }) => ({ variant: decision.variant, below })),
          },
    outcome: outcomeOf(rule, flag, question),
  };
}

function outcomeOf(rule: RuleSnapshot, flag: FlagSnapshot, question: Question): ExplainedRule["outcome"] {
  const truth = truthOfRule(rule, question);
  if (truth !== "true") return truth === "false" ? "condition-false" : "unknown";
  const decision = decideByRule(question, flag, rule);
  if (decision === "unknown") return "unknown";
  return decision ? "serves" : "outside-share";
}
