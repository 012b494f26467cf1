import type { PermissionDecision } from "../../decision/decide-permission.ts";
import { type Answer, answerOf, invalidAnswer } from "./answer.ts";
import { type Asking, decideEvaluation, type Evaluation } from "./evaluation.ts";

/** AuthZEN 1.0 §7: several evaluations, with defaults for what they do not say. */
export interface Evaluations extends Partial<Evaluation> {
  /** Not looked at yet: each is judged by itself. */
  readonly evaluations?: readonly unknown[];
  readonly options?: { readonly evaluations_semantic?: keyof typeof endsWith };
}

/** The decision after which the others are not asked any more. */
const endsWith = {
  execute_all: null,
  deny_on_first_deny: false,
  permit_on_first_permit: true,
} as const;

export const semantics = Object.keys(endsWith) as readonly (keyof typeof endsWith)[];

/** How many evaluations one request may hold. */
export const mostEvaluations = 1_000;

export interface Batch extends Asking {
  readonly revision: number;
  readonly count: (decision: PermissionDecision) => void;
}

/** Answers in order, up to the one that decides. An evaluation that is invalid is a no, and the others are answered. */
export function decideAll(asked: Evaluations, batch: Batch): readonly Answer[] {
  const last = endsWith[asked.options?.evaluations_semantic ?? "execute_all"];
  const answers: Answer[] = [];
  for (const item of asked.evaluations ?? []) {
    const answer = decideItem(item, asked, batch);
    answers.push(answer);
    if (answer.decision === last) break;
  }
  return answers;
}

function decideItem(item: unknown, defaults: Evaluations, batch: Batch): Answer {
  if (!isObject(item)) return invalidAnswer("The evaluation has to be an object.");
  const whole = {
    subject: ownOrDefault(item, defaults, "subject"),
    action: ownOrDefault(item, defaults, "action"),
    resource: ownOrDefault(item, defaults, "resource"),
    context: ownOrDefault(item, defaults, "context"),
  };
  const fault = faultOf(whole);
  if (fault !== null) return invalidAnswer(fault);
  const decision = decideEvaluation(whole as unknown as Evaluation, batch);
  batch.count(decision);
  return answerOf(decision, batch.revision);
}

/** What an evaluation says itself replaces the default whole, whatever it is. */
function ownOrDefault(
  item: Readonly<Record<string, unknown>>,
  defaults: Evaluations,
  name: keyof Evaluation,
) {
  return item[name] === undefined ? defaults[name] : item[name];
}

/** The same as the schema of a single evaluation says. */
function faultOf(whole: Readonly<Record<keyof Evaluation, unknown>>): string | null {
  const { context } = whole;
  return (
    faultIn("subject", whole.subject, ["type", "id"]) ??
    faultIn("action", whole.action, ["name"]) ??
    faultIn("resource", whole.resource, ["type", "id"]) ??
    (context === undefined || isObject(context) ? null : "context has to be an object.")
  );
}

function faultIn(name: string, given: unknown, required: readonly string[]): string | null {
  if (given === undefined) return `${name} is missing, here and among the defaults.`;
  if (!isObject(given)) return `${name} has to be an object.`;
  for (const field of required) {
    if (typeof given[field] !== "string") return `${name}.${field} has to be a text.`;
  }
  if (given.properties === undefined || isObject(given.properties)) return null;
  return `${name}.properties has to be an object.`;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
