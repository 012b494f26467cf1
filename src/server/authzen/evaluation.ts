import { decidePermission, type PermissionDecision } from "../../decision/decide-permission.ts";
import { type Attributes, memberOf, type Question } from "../../decision/question.ts";
import type { Reason } from "../../decision/reason.ts";
import type { AskedPlace } from "../org-scope.ts";

/** AuthZEN 1.0 §5: who, what, on what, and the circumstances. Fields beyond these are ignored. */
export interface Evaluation {
  readonly subject: Entity;
  readonly action: Action;
  readonly resource: Entity;
  /** `mfa`, and the attributes of requests that the catalog declares. */
  readonly context?: Attributes;
}

export interface Entity {
  readonly type: string;
  readonly id: string;
  readonly properties?: Attributes;
}

export interface Action {
  readonly name: string;
  readonly properties?: Attributes;
}

/** By whose path, and when, in milliseconds since 1970. */
export interface Asking {
  readonly at: AskedPlace;
  readonly now: number;
}

/**
 * Decides an evaluation (AuthZEN 1.0 §6). The subject is a member, by address in any case or by user id, of its own
 * type (`user`, `service`) or of the type `member`, which every member is. The action is a permission: by its whole
 * name, `document:write`, or by its action alone, `write`, of the resource's type. A resource of the type `workspace`,
 * `environment` or `org` is that place; any other may name its place in its properties. All that name a place have to
 * agree. Properties are claims for conditions; what the estate knows beats them.
 */
export function decideEvaluation(asked: Evaluation, asking: Asking): PermissionDecision {
  return decideClaimed(asked, claimsOf(asked.subject), asking);
}

/** What conditions can ask about a subject. Its id is left to the question's member: a property never stands for it. */
export function claimsOf({ type, properties }: Pick<Entity, "type" | "properties">): Attributes {
  return properties === undefined ? { type } : { ...properties, type, id: null };
}

/** The same, with the subject's claims made before: once for a search, however many members it looks at. */
export function decideClaimed(
  { subject, action, resource, context }: Evaluation,
  claims: Attributes,
  { at, now }: Asking,
): PermissionDecision {
  const { org } = at;
  const { type, id, properties } = resource;
  if (type === "org" && id !== org.slug && id !== org.id) return unknownOrg;
  const workspace = agreed(at.workspace, type === "workspace" ? id : null, told(properties, "workspace"));
  const environment = agreed(
    at.environment,
    type === "environment" ? id : null,
    told(properties, "environment"),
  );
  if (workspace === undefined || environment === undefined) return wrongPlace;
  const question: Question = {
    org,
    now,
    member: subject.id,
    workspace,
    environment,
    resource: { type, id, attributes: properties ?? null },
    subject: claims,
    action: action.properties ?? null,
    request: context ?? null,
  };
  const { permissions } = org.catalog;
  const permission = permissions.has(action.name) ? action.name : `${type}:${action.name}`;
  return decidePermission(isOfType(subject.type, question) ? question : unknownTo(question), permission);
}

/** What all who name a place agree on, null where nobody names one; undefined: they do not agree. */
function agreed(path: string | null, own: string | null, property: string | null): string | null | undefined {
  const named = path ?? own ?? property;
  return (own ?? named) === named && (property ?? named) === named ? named : undefined;
}

function told(properties: Attributes | undefined, name: string): string | null {
  const value = properties !== undefined && Object.hasOwn(properties, name) ? properties[name] : null;
  return typeof value === "string" ? value : null;
}

function isOfType(type: string, question: Question): boolean {
  return type === "member" || memberOf(question)?.type === type;
}

function unknownTo(question: Question): Question {
  return { ...question, member: null };
}

const unknownOrg = refusal("unknown-org");
const wrongPlace = refusal("wrong-place");

function refusal(reason: Reason): PermissionDecision {
  return { kind: "permission", isAllowed: false, reason, decidedBy: null, through: null };
}
