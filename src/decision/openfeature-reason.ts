import type { Reason } from "./reason.ts";

/** Of OpenFeature's reasons those that OFREP 0.3 knows, too (`evaluationSuccess`): `DEFAULT` is not among them. */
export type OpenFeatureReason = "STATIC" | "TARGETING_MATCH" | "SPLIT" | "DISABLED" | "UNKNOWN";

/** The reason of theirs that comes nearest, over the protocol as in process; the exact one goes along as metadata. */
export const openFeatureReasons = {
  // declared as it is, for everyone who asks here
  override: "STATIC",
  default: "STATIC",
  rule: "TARGETING_MATCH",
  rollout: "SPLIT",
  split: "SPLIT",
  // a default that stands in for what could not be found out
  undetermined: "UNKNOWN",
  "unknown-workspace": "UNKNOWN",
  "unknown-environment": "UNKNOWN",
  "wrong-place": "UNKNOWN",
  // of permissions, entitlements and traces: no flag has them
  plan: "UNKNOWN",
  trial: "UNKNOWN",
  fallback: "UNKNOWN",
  sum: "UNKNOWN",
  granted: "UNKNOWN",
  "trace-mode": "UNKNOWN",
  denied: "UNKNOWN",
  "not-granted": "UNKNOWN",
  "not-in-plan": "UNKNOWN",
  "place-needed": "UNKNOWN",
  "mfa-required": "UNKNOWN",
  "member-suspended": "UNKNOWN",
  "org-not-active": "UNKNOWN",
  "unknown-org": "UNKNOWN",
  "unknown-member": "UNKNOWN",
  "unknown-permission": "UNKNOWN",
  "unknown-flag": "UNKNOWN",
  "unknown-feature": "UNKNOWN",
} as const satisfies Record<Reason, OpenFeatureReason>;
