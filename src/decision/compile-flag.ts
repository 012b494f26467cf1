import { addressOf } from "../model/address.ts";
import type { FlagRule } from "../model/flag-rule.ts";
import { byCodeUnit, type Value } from "../model/value.ts";
import { attributeOf, type Vocabulary } from "./attribute.ts";
import { bucketCount, bucketsBy, bucketsOf } from "./bucket.ts";
import type { Complete } from "./complete.ts";
import { compileCondition } from "./condition.ts";
import type { FlagDecision } from "./decide-flag.ts";
import { type Attributes, ownValue } from "./question.ts";
import type { Reason } from "./reason.ts";
import type { FlagSnapshot, RuleSnapshot, Share } from "./snapshot.ts";

/** Compiles a flag: its decisions are made here, once, and only chosen from later. */
export function compileFlag({ key, fields }: Complete<"flag">, vocabulary: Vocabulary): FlagSnapshot {
  const address = addressOf(null, "flag", key);
  const { salt } = fields;
  const variants = fields.variants as Attributes | null;
  const rules = (fields.rules ?? []) as readonly FlagRule[];
  return {
    name: key,
    address,
    salt,
    rolloutBucket: salt === null ? null : bucketsBy(salt),
    // Another throw of the dice: those within a rollout are spread over all variants, not over the first ones.
    splitBucket: salt === null ? null : bucketsBy(`${salt}.split`),
    variants,
    rules: rules.flatMap((rule, index) =>
      compileRule(rule, { address: `${address}#rules/${index}`, variants, vocabulary }),
    ),
    declared: { default: fields.default, rules },
    otherwise: served(fields.default, { variants, reason: "default", address }) ?? nothingServed(address),
  };
}

/** The decision that serves a value, or the variant of that name; null where there is no such variant. */
export function served(
  value: Value,
  by: { readonly variants: Attributes | null; readonly reason: Reason; readonly address: string },
): FlagDecision | null {
  const { variants, reason, address: decidedBy } = by;
  if (!variants) return { kind: "flag", value, variant: null, reason, decidedBy, undetermined: null };
  const named = typeof value === "string" ? ownValue(variants, value) : undefined;
  if (named === undefined) return null;
  return { kind: "flag", value: named, variant: String(value), reason, decidedBy, undetermined: null };
}

function nothingServed(decidedBy: string): FlagDecision {
  return { kind: "flag", value: null, variant: null, reason: "default", decidedBy, undetermined: null };
}

interface RuleContext {
  readonly address: string;
  readonly variants: Attributes | null;
  readonly vocabulary: Vocabulary;
}

/** None for a rule that can never serve. */
function compileRule(rule: FlagRule, context: RuleContext): readonly RuleSnapshot[] {
  const { address, vocabulary } = context;
  const buckets = rule.rollout === null ? bucketCount : bucketsOf(rule.rollout);
  const rollout = buckets < bucketCount ? buckets : null;
  const serves = servesOf(rule, context, rollout === null ? "rule" : "rollout");
  if (!serves || rollout === 0) return [];
  return [
    {
      address,
      condition: rule.if,
      test: rule.if && compileCondition(rule.if, (name) => attributeOf(vocabulary, name, null)),
      rollout,
      by: rule.by,
      serves,
      lacksAttribute: { rule: address, lacks: "attribute" },
      lacksBucket: { rule: address, lacks: "bucket" },
    },
  ];
}

function servesOf(
  rule: FlagRule,
  { address, variants }: RuleContext,
  reason: Reason,
): RuleSnapshot["serves"] | null {
  if (!rule.split) return rule.serve === null ? null : served(rule.serve, { variants, reason, address });
  const shares: Share[] = [];
  let below = 0;
  // By name: the order in which JSON keeps them is not the same everywhere.
  for (const [variant, percent] of Object.entries(rule.split).sort(([a], [b]) => byCodeUnit(a, b))) {
    below += bucketsOf(percent);
    const decision = served(variant, { variants, reason: "split", address });
    if (decision) shares.push({ below, decision });
  }
  return shares;
}
