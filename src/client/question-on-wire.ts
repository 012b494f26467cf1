import type { About, Answer, Explanation, Query, Resource } from "./client.ts";
import { NoAnswer } from "./trouble.ts";
import { type Wanted, wantedOf } from "./wanted.ts";

/** A question as `POST /v1/orgs/{org}/check` takes it. */
export interface WireQuestion extends About {
  readonly permission?: string;
  readonly flag?: string;
  readonly entitlement?: string;
  readonly member?: string;
  readonly resource?: Resource;
}

/** Always in the same order, so that the same question has the same text. Throws `TypeError` as `wantedOf` does. */
export function toWire(query: Query): WireQuestion {
  const { kind, name } = wantedOf(query);
  const { member, workspace, environment, context } = query;
  const resource = "resource" in query ? query.resource : undefined;
  return {
    [kind]: name,
    ...(member === undefined ? {} : { member }),
    ...(workspace === undefined ? {} : { workspace }),
    ...(environment === undefined ? {} : { environment }),
    ...(resource === undefined ? {} : { resource }),
    ...(context === undefined ? {} : { context }),
  };
}

/** What a server says of something; fields that are not known here may be added. */
export type WireObject = { readonly [name: string]: unknown };

/** Throws `NoAnswer` for what is no answer to that: nobody may be let through because a server, or what stands before it, errs. */
export function fromWire(value: unknown, wanted: Wanted): Answer {
  if (!isObject(value) || !isAnswer(value, wanted)) throw noneOfOurs();
  const { decided_by: decidedBy, ...answer } = value;
  return { ...answer, decidedBy } as unknown as Answer;
}

/** The same of several, in order, with the revision that they are from. */
export function allFromWire({ answers, revision }: WireObject, wanted: readonly Wanted[]): readonly Answer[] {
  if (!isRevision(revision) || !Array.isArray(answers) || answers.length !== wanted.length)
    throw noneOfOurs();
  return wanted.map((each, at) => fromWire(answers[at], each));
}

/** Throws `NoAnswer` as `fromWire` does. */
export function explanationFromWire(body: WireObject, wanted: Wanted): Explanation {
  const { answer, explanation } = body;
  if (!isRevision(body.revision) || !isObject(explanation)) throw noneOfOurs();
  return { answer: fromWire(answer, wanted), explanation };
}

/** A whole number that can be counted with. */
export function isRevision(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isAnswer(answer: WireObject, { kind, name }: Wanted): boolean {
  const { reason, decided_by } = answer;
  const isDecided = typeof reason === "string" && isTextOrNull(decided_by);
  return isDecided && answer.kind === kind && answer[kind] === name && isDecision[kind](answer);
}

const isDecision = {
  permission: ({ allowed, through }) => typeof allowed === "boolean" && isTextOrNull(through),
  flag: ({ value, variant }) => value !== undefined && isTextOrNull(variant),
  entitlement: ({ entitled, value, through }) =>
    typeof entitled === "boolean" && value !== undefined && isTextOrNull(through),
} satisfies Record<Wanted["kind"], (answer: WireObject) => boolean>;

function isTextOrNull(value: unknown): boolean {
  return value === null || typeof value === "string";
}

function isObject(value: unknown): value is WireObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function noneOfOurs(): NoAnswer {
  return new NoAnswer("unavailable", "What the server answers is no answer to what was asked.");
}
