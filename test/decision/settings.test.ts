import { expect, test } from "vitest";
import { settingsAt } from "../../src/decision/settings.ts";
import { acme, at, declare, orgRow } from "./acme-cloud.ts";

const banner = declare("banner", {
  message: "Sunday 02:00 UTC: read-only",
  variant: "warning",
  starts: "2026-11-01T00:00:00Z",
  until: "2026-11-02T00:00:00Z",
});

test("an org that says nothing has no settings, and is told so plainly", () => {
  const org = acme([]);
  expect([org.settings, org.name]).toEqual([null, null]);
  expect(settingsAt(org, 0)).toEqual({
    branding: null,
    banner: null,
    security: null,
    notifications: {},
    webhooks: {},
  });
  expect(acme([orgRow({ name: "Acme Corp" })]).name).toBe("Acme Corp");
});

test("everything that an org has given, and never a secret", () => {
  const org = acme([
    declare("branding", { primary: "#0b5fff", font: "Inter" }),
    declare("security", { require_mfa: true }),
    declare("notification", { name: "ops", email: ["ops@acme.example"], webhooks: ["ci"] }),
    declare("webhook", { name: "ci", url: "https://ci.acme.example", secret: "secret://env/CI" }),
    declare("webhook", {
      name: "__proto__",
      url: "https://b.acme.example",
      events: ["apply"],
      enabled: false,
    }),
    declare("api_key", { name: "deploy", scopes: ["org:read"] }),
  ]);
  expect(org.requiresMfa).toBe(true);
  expect(JSON.parse(JSON.stringify(settingsAt(org, 0)))).toEqual({
    branding: { primary: "#0b5fff", font: "Inter" },
    banner: null,
    security: { require_mfa: true, allow_user_key_override: false },
    notifications: { ops: { email: ["ops@acme.example"], webhooks: ["ci"], enabled: true } },
    webhooks: JSON.parse(`{
      "ci": { "description": null, "url": "https://ci.acme.example", "events": [], "enabled": true },
      "__proto__": { "description": null, "url": "https://b.acme.example", "events": ["apply"], "enabled": false }
    }`),
  });
});

test.each([
  ["2026-10-31T23:59:59Z", false],
  ["2026-11-01T00:00:00Z", true],
  ["2026-11-01T23:59:59Z", true],
  ["2026-11-02T00:00:00Z", false],
])("at %s the banner is in force: %s", (time, isInForce) => {
  const org = acme([banner, declare("security", { require_mfa: true })]);
  const settings = settingsAt(org, at(time));
  expect(settings.banner !== null).toBe(isInForce);
  expect(settings.security?.require_mfa).toBe(true);
  expect(org.settings?.banner).toEqual({
    message: "Sunday 02:00 UTC: read-only",
    variant: "warning",
    dismissible: true,
    starts: "2026-11-01T00:00:00Z",
    until: "2026-11-02T00:00:00Z",
  });
});

test("a banner without times is always in force", () => {
  expect(settingsAt(acme([declare("banner", { message: "hello" })]), 0).banner?.message).toBe("hello");
});
