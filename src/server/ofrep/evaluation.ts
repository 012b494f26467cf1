import type { FlagDecision } from "../../decision/decide-flag.ts";
import { type OpenFeatureReason, openFeatureReasons } from "../../decision/openfeature-reason.ts";
import { type Attributes, type Question, questionOf } from "../../decision/question.ts";
import type { Value } from "../../model/value.ts";
import type { AskedPlace } from "../org-scope.ts";

/** OFREP 0.3, `evaluationRequest`. */
export interface EvaluationRequest {
  readonly context: Attributes & { readonly targetingKey?: string };
}

/** OFREP 0.3, `evaluationSuccess`. */
export interface Evaluation {
  readonly key: string;
  readonly value: Value;
  readonly reason: OpenFeatureReason;
  readonly variant?: string;
  readonly metadata: Metadata;
}

/** OFREP 0.3, `evaluationFailure` and `flagNotFound`. */
export interface EvaluationFailure {
  readonly key: string;
  readonly errorCode: "PARSE_ERROR" | "INVALID_CONTEXT" | "GENERAL" | "FLAG_NOT_FOUND";
  readonly errorDetails: string;
}

/** What a provider hands on as a flag's metadata: text and numbers only. */
export interface Metadata {
  /** The product's own reason, of which the protocol's is a coarser one. */
  readonly reason: string;
  readonly decided_by?: string;
  /** The rule that could not be judged, and what it lacked: `attribute` or `bucket`. */
  readonly undetermined?: string;
  readonly lacks?: string;
  readonly revision?: number;
}

/**
 * Whom and what a context is about. `targetingKey` names the member, by address or user id; everything else is an
 * attribute of the request. The protocol wants a targeting key, but the org is in the path and most flags need no
 * more: servers that ask for an org as a whole send none, and an empty one says as little.
 */
export function flagQuestion(asked: AskedPlace, { context }: EvaluationRequest, now: number): Question {
  return questionOf({
    org: asked.org,
    now,
    member: context.targetingKey || null,
    workspace: asked.workspace,
    environment: asked.environment,
    request: context,
  });
}

/**
 * A decision that has a value, as an evaluation. A list goes out as it is: OpenFeature's object values are any JSON
 * structure, although the protocol's schema names only objects.
 */
export function evaluationOf(key: string, decision: FlagDecision, revision?: number): Evaluation {
  const { value, variant, reason, decidedBy, undetermined } = decision;
  return {
    key,
    value,
    reason: openFeatureReasons[reason],
    ...(variant === null ? null : { variant }),
    metadata: {
      reason,
      ...(decidedBy === null ? null : { decided_by: decidedBy }),
      ...(undetermined && { undetermined: undetermined.rule, lacks: undetermined.lacks }),
      ...(revision === undefined ? null : { revision }),
    },
  };
}

/**
 * A flag whose declared default is none of its variants, which only rows written by hand can bring about. It is not a
 * `codeDefaultFlag`: nobody decided that the code should, and providers for servers take a success without a value for
 * an unreadable answer. As a failure it comes to the same value, the code's, with a message that says why.
 */
export function servesNothing(key: string): EvaluationFailure {
  return {
    key,
    errorCode: "GENERAL",
    errorDetails: `The flag ${key} serves nothing: its default is none of its variants.`,
  };
}

export function flagNotFound(key: string): EvaluationFailure {
  return { key, errorCode: "FLAG_NOT_FOUND", errorDetails: `The catalog has no flag ${key}.` };
}
