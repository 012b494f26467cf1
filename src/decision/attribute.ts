import {
  type AttributeSpec,
  attributeTypeOfFeature,
  builtInAttributes,
  entitlementPrefix,
} from "../model/condition.ts";
import { isList, type Value } from "../model/value.ts";
import type { Attribute } from "./condition.ts";
import { decideEntitlement } from "./decide-entitlement.ts";
import { versionInForce } from "./plan-in-force.ts";
import { knownResourceOf, memberOf, ownValue, type Question } from "./question.ts";
import type { FeatureSnapshot, PermissionSnapshot } from "./snapshot.ts";

type Read = Attribute<Question>["read"];

/** What conditions can ask about in one catalog. */
export interface Vocabulary {
  readonly attributes: ReadonlyMap<string, AttributeSpec>;
  readonly features: ReadonlyMap<string, FeatureSnapshot>;
}

/**
 * How an attribute is found in a question. In a grant, `resource.*` are the attributes of the type that its
 * permission is about; elsewhere (permission null) those of whatever is asked about. A name that nothing
 * declares is always missing, and so makes its condition unknown.
 */
export function attributeOf(
  vocabulary: Vocabulary,
  name: string,
  permission: PermissionSnapshot | null,
): Attribute<Question> {
  if (name.startsWith(entitlementPrefix)) {
    return entitlementAttribute(vocabulary.features.get(name.slice(entitlementPrefix.length)));
  }
  const builtIn = builtInAttributes.get(name);
  if (builtIn) {
    const action = permission?.action;
    return {
      type: builtIn.type,
      read: name === "action.name" && action ? () => action : (builtInReads.get(name) ?? missing),
    };
  }
  const dot = name.indexOf(".");
  const subject = name.slice(0, dot);
  return subject === "resource"
    ? resourceAttribute(vocabulary, name.slice(dot + 1), permission)
    : { type: vocabulary.attributes.get(name)?.type ?? null, read: declaredRead(vocabulary, name) };
}

const missing: Read = () => undefined;

function entitlementAttribute(feature: FeatureSnapshot | undefined): Attribute<Question> {
  if (!feature) return { type: null, read: missing };
  return {
    type: attributeTypeOfFeature[feature.type],
    read: (question) => {
      const { value } = decideEntitlement(question, feature.name);
      return typeof value === "object" && value !== null ? value.amount : value;
    },
  };
}

function declaredRead({ attributes }: Vocabulary, name: string): Read {
  const spec = attributes.get(name);
  if (!spec) return missing;
  const dot = name.indexOf(".");
  const own = name.slice(dot + 1);
  switch (name.slice(0, dot)) {
    case "org":
      return ({ org }) => ownValue(org.attributes, own);
    case "member":
      return (question) => ownValue(memberOf(question)?.attributes, own);
    case "request":
      return ({ request }) => claimed(ownValue(request, own), spec);
    case "subject":
      return ({ subject }) => claimed(ownValue(subject, own), spec);
    case "action":
      return ({ action }) => claimed(ownValue(action, own), spec);
    default:
      return missing;
  }
}

/**
 * What a caller says of itself, its request or a resource, if it is of the type that the attribute is declared with; one
 * of another type is missing, so that "unlimited" is no number and a number no date.
 */
function claimed(value: Value | undefined, spec: AttributeSpec | undefined): Value | undefined {
  if (value === undefined || value === null || spec === undefined) return value;
  switch (spec.type) {
    case "number":
      // JSON can write a number that is larger than any.
      return Number.isFinite(value) ? value : undefined;
    case "switch":
      return typeof value === "boolean" ? value : undefined;
    case "list":
      return isList(value) ? value : undefined;
    default:
      return typeof value === "string" ? value : undefined;
  }
}

function resourceAttribute(
  { attributes }: Vocabulary,
  own: string,
  permission: PermissionSnapshot | null,
): Attribute<Question> {
  const read: Read = (question) => {
    const { resource } = question;
    if (!resource || (permission && permission.type !== resource.type)) return undefined;
    // What the estate knows is a fact; what a caller says is only a claim.
    const fact = ownValue(knownResourceOf(question)?.attributes, own);
    return fact ?? claimed(ownValue(resource.attributes, own), attributes.get(`${resource.type}.${own}`));
  };
  if (permission) {
    const spec = attributes.get(`${permission.type}.${own}`);
    return spec ? { type: spec.type, read } : { type: null, read: missing };
  }
  return {
    type: null,
    read: (question) => (attributes.has(`${question.resource?.type}.${own}`) ? read(question) : undefined),
  };
}

const builtInReads: ReadonlyMap<string, Read> = new Map<string, Read>([
  ["org.plan", ({ org, now }) => planOf(org.catalog.products[0]?.name, { org, now })],
  [
    "org.plans",
    ({ org, now }) => org.catalog.products.flatMap(({ name }) => planOf(name, { org, now }) ?? []),
  ],
  ["org.id", ({ org }) => org.id],
  ["org.slug", ({ org }) => org.slug],
  ["org.created_at", ({ org }) => org.createdAt],
  ["org.status", ({ org }) => org.status],
  ["member.id", (question) => memberOf(question)?.userId],
  ["member.key", (question) => memberOf(question)?.key],
  ["member.email", (question) => memberOf(question)?.email],
  ["member.type", (question) => memberOf(question)?.type],
  ["member.status", (question) => memberOf(question)?.status],
  ["member.teams", (question) => memberOf(question)?.teams],
  ["environment.workspace", (question) => environmentOf(question)?.workspace],
  ["environment.slug", (question) => environmentOf(question)?.slug],
  ["environment.tier", (question) => environmentOf(question)?.tier],
  ["environment.host", (question) => environmentOf(question)?.host],
  ["resource.type", ({ resource }) => resource?.type],
  ["resource.id", ({ resource }) => resource?.id],
  ["action.name", ({ action }) => ownValue(action, "name")],
  ["subject.type", ({ subject }) => ownValue(subject, "type")],
  ["subject.id", ({ subject, member }) => ownValue(subject, "id") ?? member],
  ["request.time", ({ now }) => now],
  ["request.mfa", ({ request }) => ownValue(request, "mfa")],
] satisfies [string, (question: Question) => Value | undefined][]);

function planOf(product: string | undefined, at: Pick<Question, "org" | "now">): string | undefined {
  return product === undefined ? undefined : versionInForce(at.org, product, at.now)?.plan;
}

function environmentOf({ org, environment }: Question) {
  return environment === null ? undefined : org.environments.get(environment);
}
