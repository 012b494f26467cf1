import { emailKey } from "../../model/email-key.ts";
import { kinds } from "../../model/kinds.ts";
import { type Path, type Resource, resource } from "../../model/state.ts";
import { promisedGrants } from "./bindings.ts";
import { isDeclared } from "./declared.ts";
import { type OrgScope, reference } from "./org-scope.ts";
import { checkWindow } from "./overrides.ts";
import { checkPattern } from "./permissions.ts";

/** How the app behaves for the org: the sections that hold one thing each. */
export function settingResources(scope: OrgScope): Resource[] {
  const { security, trace, branding, banner } = scope.content;
  const found: Resource[] = [];
  if (security) {
    const { require_mfa, allow_user_key_override } = kinds.security.fields;
    const fields = {
      require_mfa: security.require_mfa ?? require_mfa.default,
      allow_user_key_override: security.allow_user_key_override ?? allow_user_key_override.default,
    };
    found.push(resource("security", { key: "", path: ["security"], fields }));
  }
  if (trace) found.push(traceResource(scope, trace));
  if (branding) {
    const names = Object.keys(kinds.branding.fields) as (keyof typeof kinds.branding.fields)[];
    const fields = Object.fromEntries(names.map((name) => [name, branding[name] ?? null]));
    found.push(resource("branding", { key: "", path: ["branding"], fields }));
  }
  if (banner?.message !== undefined) {
    checkWindow(scope, banner, ["banner"]);
    const { variant, dismissible } = kinds.banner.fields;
    const fields = {
      message: banner.message,
      variant: banner.variant ?? variant.default,
      dismissible: banner.dismissible ?? dismissible.default,
      starts: banner.from ?? null,
      until: banner.until ?? null,
    };
    found.push(resource("banner", { key: "", path: ["banner"], fields }));
  }
  return found;
}

function traceResource(scope: OrgScope, trace: NonNullable<OrgScope["content"]["trace"]>): Resource {
  const { mode, sample_rate, retention_days } = kinds.trace.fields;
  if (trace.sample_rate !== undefined && trace.mode !== "sampled") {
    scope.report(
      "trace-mismatch",
      scope.place(["trace", "sample_rate"], "key"),
      `sample_rate counts with mode: sampled only, and here it is ${trace.mode ?? mode.default}. Write that, or take sample_rate away.`,
      trace.mode === undefined
        ? []
        : [{ message: "the mode is written", place: scope.place(["trace", "mode"]) }],
    );
  }
  return resource("trace", {
    key: "",
    path: ["trace"],
    fields: {
      mode: trace.mode ?? mode.default,
      sample_rate: trace.sample_rate ?? sample_rate.default,
      retention_days: trace.retention_days ?? retention_days.default,
    },
  });
}

/** Keys that are to be minted, webhooks and notifications. */
export function integrationResources(scope: OrgScope): Resource[] {
  const { api_keys, webhooks, notifications } = scope.content;
  const keys = Object.entries(api_keys ?? {}).map(([name, key]) => {
    const path: Path = ["api_keys", name];
    const scopes = key.scopes ?? [];
    for (const [index, pattern] of scopes.entries()) {
      checkPattern(pattern, scope.place([...path, "scopes", index]), scope.catalog, scope.report);
    }
    const fields = {
      name,
      description: key.description ?? null,
      scopes: [...new Set(scopes)],
      expires: key.expires ?? null,
    };
    return resource("api_key", { key: name, path, fields });
  });
  const hooks = Object.entries(webhooks ?? {}).map(([name, hook]) =>
    resource("webhook", {
      key: name,
      path: ["webhooks", name],
      fields: {
        name,
        description: hook.description ?? null,
        url: hook.url,
        events: hook.events ?? [],
        secret: hook.secret ?? null,
        enabled: hook.enabled ?? kinds.webhook.fields.enabled.default,
      },
    }),
  );
  const topics = Object.entries(notifications ?? {}).map(([name, topic]) => {
    const path: Path = ["notifications", name];
    for (const [index, hook] of (topic.webhooks ?? []).entries()) {
      const written = reference(scope, hook, [...path, "webhooks", index]);
      isDeclared({ ...written, code: "unknown-webhook" }, scope.webhooks, scope.report);
    }
    const enabled = topic.enabled ?? kinds.notification.fields.enabled.default;
    const fields = { name, email: topic.email ?? [], webhooks: topic.webhooks ?? [], enabled };
    return resource("notification", { key: name, path, fields });
  });
  return [...keys, ...hooks, ...topics];
}

/** How people come in: invitations, sign-in connections, and joining by an address of a domain. */
export function entryResources(scope: OrgScope): Resource[] {
  const { invitations, sso, join } = scope.content;
  const invited = Object.entries(invitations ?? {}).map(([address, invitation]) => {
    const path: Path = ["invitations", address];
    const { expires, message, ...promised } = invitation;
    const email = emailKey(address);
    return resource("invitation", {
      key: email,
      path,
      fields: {
        email,
        grants: promisedGrants(scope, promised, path),
        message: message ?? null,
        // Where nothing is said, the app sets when it ends, and says what became of it.
        ...(expires === undefined ? {} : { expires }),
      },
    });
  });
  const connections = Object.entries(sso ?? {}).map(([name, connection]) =>
    resource("sso", {
      key: name,
      path: ["sso", name],
      fields: {
        name,
        description: connection.description ?? null,
        protocol: connection.protocol,
        issuer: connection.issuer ?? null,
        client_id: connection.client_id ?? null,
        client_secret: connection.client_secret ?? null,
        metadata_url: connection.metadata_url ?? null,
        domains: connection.domains ?? [],
        enabled: connection.enabled ?? kinds.sso.fields.enabled.default,
      },
    }),
  );
  const rules = Object.entries(join ?? {}).map(([domain, rule]) => {
    const path: Path = ["join", domain];
    const { sso: connection, ...promised } = rule;
    if (connection !== undefined) {
      const written = reference(scope, connection, [...path, "sso"]);
      isDeclared({ ...written, code: "unknown-connection" }, scope.connections, scope.report);
    }
    const fields = { domain, grants: promisedGrants(scope, promised, path), sso: connection ?? null };
    return resource("join_rule", { key: domain, path, fields });
  });
  return [...invited, ...connections, ...rules];
}
