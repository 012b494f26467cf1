/**
 * Why a decision came out as it did: a closed set, the same for flags, entitlements, permissions and traces.
 * Programs may rely on the names; a name is never used for something else.
 */
export const reasons = {
  // a value was found
  override: "It is set for this environment, workspace or org",
  rule: "A rule of the flag matches",
  rollout: "A rule of the flag matches, and the org or member is within its share",
  split: "A rule of the flag matches, and the org's or member's share decides the variant",
  default: "No rule of the flag matches",
  plan: "The plan in force says so",
  trial: "The plan on trial says so",
  fallback: "No subscription is in force, and the fallback plan says so",
  sum: "Several products give it, and what they give adds up",
  granted: "A role that the member holds allows it",
  "trace-mode": "The org's tracing says so",
  // the answer is no
  denied: "A role that the member holds denies it",
  "not-granted": "No role that the member holds here allows it",
  "not-in-plan": "Neither an override nor a plan in force gives it",
  "place-needed": "It depends on a workspace or environment that the question does not name",
  "mfa-required": "The org requires a second factor, and the request has none",
  "member-suspended": "The member is suspended",
  "org-not-active": "The org is suspended, archived or deleted",
  "wrong-place": "The environment or resource is not where the question says",
  // something is missing
  undetermined: "An attribute, an id or a salt that would decide it is not known",
  "unknown-org": "There is no such org",
  "unknown-workspace": "The org has no such workspace",
  "unknown-environment": "The org has no such environment",
  "unknown-member": "The org has no such member",
  "unknown-permission": "The catalog has no such permission",
  "unknown-flag": "The catalog has no such flag",
  "unknown-feature": "The catalog has no such feature",
} as const;

export type Reason = keyof typeof reasons;
