import { byName, placed, sectionUnlessPlaced } from "./kind-keys.ts";
import type { Descriptor } from "./kinds.ts";
import { overrideFields, windowFields } from "./shared-fields.ts";

/** What an org has bought, and what it is given besides. Each row carries its `org_id`. */
export const commerceKinds = {
  subscription: {
    label: "subscription",
    tier: "org",
    section: "subscriptions",
    identity: ["product"],
    key: (fields) => String(fields.product),
    fields: {
      product: { type: "reference", to: "product" },
      plan: { type: "reference", to: "plan_version" },
      status: { type: "text", default: "active" },
      cycle: { type: "text", default: "monthly" },
      auto_renew: { type: "switch", default: true },
      quantity: { type: "integer", default: 1 },
      trial_ends: { type: "time" },
      starts: { type: "time" },
      ends: { type: "time" },
      next_plan: { type: "reference", to: "plan_version" },
      next_from: { type: "time" },
    },
  },
  entitlement: {
    label: "entitlement",
    tier: "org",
    section: sectionUnlessPlaced("entitlements"),
    identity: ["feature", "workspace", "environment"],
    key: (fields) => placed(fields.feature, fields),
    fields: {
      feature: { type: "reference", to: "feature" },
      ...overrideFields,
    },
  },
  rate_limit: {
    label: "rate_limit",
    tier: "org",
    section: "rate_limits",
    identity: ["name"],
    key: byName,
    fields: {
      name: { type: "reference", to: "catalog_rate_limit" },
      amount: { type: "integer" },
      period: { type: "text" },
      ...windowFields,
    },
  },
  flag_override: {
    label: "flag",
    tier: "org",
    section: sectionUnlessPlaced("flags"),
    identity: ["flag", "workspace", "environment"],
    key: (fields) => placed(fields.flag, fields),
    fields: {
      flag: { type: "reference", to: "flag" },
      ...overrideFields,
    },
  },
} as const satisfies Record<string, Descriptor>;
