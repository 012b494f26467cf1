import type { Complete, CompleteByKind } from "./complete.ts";
import { instantOf } from "./instant.ts";
import { noAttributes } from "./nothing.ts";
import type { Attributes } from "./question.ts";
import type { OrgSnapshot } from "./snapshot.ts";

/** How the app behaves for an org: plain values as JSON has them, and never a secret. */
export interface Settings {
  /** What the org has given of it: colours, font, logos; null where it has none. */
  readonly branding: Attributes | null;
  readonly banner: BannerSettings | null;
  readonly security: SecuritySettings | null;
  /** By name. */
  readonly notifications: { readonly [name: string]: NotificationSettings };
  /** By name. */
  readonly webhooks: { readonly [name: string]: WebhookSettings };
}

export interface BannerSettings {
  readonly message: string;
  readonly variant: string;
  readonly dismissible: boolean;
  /** null: it has always been there. */
  readonly starts: string | null;
  /** null: it stays. */
  readonly until: string | null;
}

export interface SecuritySettings {
  readonly require_mfa: boolean;
  readonly allow_user_key_override: boolean;
}

export interface NotificationSettings {
  readonly email: readonly string[];
  readonly webhooks: readonly string[];
  readonly enabled: boolean;
}

export interface WebhookSettings {
  readonly description: string | null;
  readonly url: string;
  readonly events: readonly string[];
  readonly enabled: boolean;
}

/** What an org's settings are at a time in milliseconds: as they are kept, but a banner only while it is in force. */
export function settingsAt({ settings }: Pick<OrgSnapshot, "settings">, now: number): Settings {
  if (settings === null) return noSettings;
  return isInForce(settings.banner, now) ? settings : { ...settings, banner: null };
}

const noSettings: Settings = {
  branding: null,
  banner: null,
  security: null,
  notifications: noAttributes,
  webhooks: noAttributes,
};

function isInForce(banner: BannerSettings | null, now: number): boolean {
  if (banner === null) return true;
  const { starts, until } = banner;
  return (starts === null || instantOf(starts) <= now) && (until === null || now < instantOf(until));
}

/** An org's settings from its rows; null where it has none of them. */
export function compileSettings(all: CompleteByKind): Settings | null {
  const [branding, banner, security] = [all("branding")[0], all("banner")[0], all("security")[0]];
  const [notifications, webhooks] = [all("notification"), all("webhook")];
  if (!branding && !banner && !security && notifications.length + webhooks.length === 0) return null;
  return {
    branding: branding ? given(branding.fields) : null,
    banner: banner ? bannerOf(banner.fields) : null,
    security: security ? securityOf(security.fields) : null,
    notifications: byName(notifications, notificationOf),
    webhooks: byName(webhooks, webhookOf),
  };
}

function given(fields: Attributes): Attributes {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
}

function bannerOf(fields: Complete<"banner">["fields"]): BannerSettings {
  const { message, variant, dismissible, starts, until } = fields;
  return {
    message: message ?? "",
    variant: variant ?? "info",
    dismissible: dismissible !== false,
    starts,
    until,
  };
}

function securityOf(fields: Complete<"security">["fields"]): SecuritySettings {
  return {
    require_mfa: fields.require_mfa === true,
    allow_user_key_override: fields.allow_user_key_override === true,
  };
}

function notificationOf(fields: Complete<"notification">["fields"]): NotificationSettings {
  return { email: fields.email ?? [], webhooks: fields.webhooks ?? [], enabled: fields.enabled !== false };
}

function webhookOf(fields: Complete<"webhook">["fields"]): WebhookSettings {
  const { description, url, events, enabled } = fields;
  return { description, url: url ?? "", events: events ?? [], enabled: enabled !== false };
}

/** `fromEntries` makes every name the object's own, `__proto__` too. */
function byName<F, T>(
  rows: readonly { readonly key: string; readonly fields: F }[],
  make: (fields: F) => T,
): { readonly [name: string]: T } {
  if (rows.length === 0) return noAttributes;
  return Object.fromEntries(rows.map(({ key, fields }) => [key, make(fields)]));
}
