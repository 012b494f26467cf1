import { descriptorOf, type Kind } from "../model/kinds.ts";
import { kindsInOrder } from "../model/order.ts";

/** What no decision asks of a kind, and is not read for them: text for people, and what is secret. */
const leftOut: { readonly [K in Kind]?: readonly string[] } = {
  org: [
    "description",
    "primary_domain",
    "industry",
    "contact_email",
    "billing_email",
    "support_tier",
    "metadata",
    "templates",
    "manage",
    "protected",
    "purge_after",
  ],
  workspace: ["name", "description", "settings", "metadata"],
  environment: ["name", "description", "backend", "credentials", "metadata"],
  resource: ["description"],
  role: ["description"],
  member: ["name", "metadata"],
  team: ["description", "metadata"],
  entitlement: ["reason"],
  rate_limit: ["reason"],
  flag_override: ["reason"],
  webhook: ["secret"],
};

/** Kinds of an org that decisions are not made from. */
const undecided: ReadonlySet<Kind> = new Set<Kind>(["invitation", "sso", "join_rule", "api_key"]);

/** The kinds of an org that decisions are made from, parents first. */
export const decisionKinds: readonly Kind[] = kindsInOrder.filter(
  (kind) => descriptorOf(kind).tier === "org" && !undecided.has(kind),
);

/** The fields of a kind that decisions are made from, in the order of its descriptor. */
export function decisionFields(kind: Kind): readonly string[] {
  const left = leftOut[kind] ?? [];
  return Object.keys(descriptorOf(kind).fields).filter((name) => !left.includes(name));
}
