import type { PermissionDecision } from "../../decision/decide-permission.ts";
import type { Reason } from "../../decision/reason.ts";

/** AuthZEN 1.0 §5.5: a denial is an answer like any other. */
export interface Answer {
  readonly decision: boolean;
  readonly context: AnswerContext | { readonly error: AnswerError };
}

export interface AnswerContext {
  readonly reason: Reason;
  readonly decided_by: string | null;
  readonly through: string | null;
  /** From which revision of the estate this is, at least. */
  readonly revision: number;
}

/** Why one of several evaluations could not be asked. */
export interface AnswerError {
  readonly status: number;
  readonly message: string;
}

export function answerOf(
  { isAllowed, reason, decidedBy, through }: PermissionDecision,
  revision: number,
): Answer {
  return { decision: isAllowed, context: { reason, decided_by: decidedBy, through, revision } };
}

/** Fails closed. */
export function invalidAnswer(message: string): Answer {
  return { decision: false, context: { error: { status: 400, message } } };
}
