import { byName } from "./kind-keys.ts";
import type { Descriptor } from "./kinds.ts";

/** How the app behaves for an org. Each row carries its `org_id`. */
export const settingKinds = {
  security: {
    label: "security",
    tier: "org",
    section: "security",
    identity: [],
    key: () => "",
    fields: {
      require_mfa: { type: "switch", default: false },
      allow_user_key_override: { type: "switch", default: false },
    },
  },
  trace: {
    label: "trace",
    tier: "org",
    section: "trace",
    identity: [],
    key: () => "",
    fields: {
      mode: { type: "text", default: "none" },
      sample_rate: { type: "number", default: 1 },
      retention_days: { type: "integer", default: 30 },
    },
  },
  branding: {
    label: "branding",
    tier: "org",
    section: "branding",
    identity: [],
    key: () => "",
    fields: {
      primary: { type: "text" },
      secondary: { type: "text" },
      accent: { type: "text" },
      font: { type: "text" },
      logo: { type: "text" },
      logo_dark: { type: "text" },
      favicon: { type: "text" },
      favicon_dark: { type: "text" },
    },
  },
  banner: {
    label: "banner",
    tier: "org",
    section: "banner",
    identity: [],
    key: () => "",
    fields: {
      message: { type: "text" },
      variant: { type: "text", default: "info" },
      dismissible: { type: "switch", default: true },
      starts: { type: "time" },
      until: { type: "time" },
    },
  },
  api_key: {
    label: "api_key",
    tier: "org",
    section: "api_keys",
    identity: ["name"],
    key: byName,
    fields: {
      name: { type: "text" },
      description: { type: "text" },
      scopes: { type: "names", default: [] },
      expires: { type: "time" },
    },
  },
  webhook: {
    label: "webhook",
    tier: "org",
    section: "webhooks",
    identity: ["name"],
    key: byName,
    fields: {
      name: { type: "text" },
      description: { type: "text" },
      url: { type: "text" },
      events: { type: "names", default: [] },
      secret: { type: "text" },
      enabled: { type: "switch", default: true },
    },
  },
  notification: {
    label: "notification",
    tier: "org",
    section: "notifications",
    identity: ["name"],
    key: byName,
    fields: {
      name: { type: "text" },
      email: { type: "names", default: [] },
      webhooks: { type: "names", default: [] },
      enabled: { type: "switch", default: true },
    },
  },
} as const satisfies Record<string, Descriptor>;
