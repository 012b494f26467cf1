import { byName, placed } from "./kind-keys.ts";
import type { Descriptor } from "./kinds.ts";
import { roleFields } from "./shared-fields.ts";

/** Who is in an org, how they come in, and what they may do. Each row carries its `org_id`. */
export const peopleKinds = {
  role: {
    label: "role",
    tier: "org",
    section: "roles",
    identity: ["name"],
    key: byName,
    fields: roleFields,
  },
  member: {
    label: "member",
    tier: "org",
    section: "members",
    identity: ["key"],
    key: (fields) => String(fields.key),
    aliases: ["email", "user_id"],
    fields: {
      /** The email address in lower case, or the app's user id. */
      key: { type: "text" },
      email: { type: "text" },
      user_id: { type: "text" },
      name: { type: "text" },
      type: { type: "text", default: "user" },
      status: { type: "text", default: "active" },
      attributes: { type: "json", default: {} },
      metadata: { type: "json", default: {} },
    },
  },
  team: {
    label: "team",
    tier: "org",
    section: "teams",
    identity: ["name"],
    key: byName,
    fields: {
      name: { type: "text" },
      description: { type: "text" },
      parent: { type: "reference", to: "team" },
      metadata: { type: "json", default: {} },
    },
  },
  team_member: {
    label: "team_member",
    tier: "org",
    section: "teams",
    identity: ["team", "member"],
    key: (fields) => `${fields.team}:${fields.member}`,
    partOf: {
      fields: ["team"],
      shownAs: "members",
      text: ({ member, role }) => (role === "maintainer" ? `${member} (maintainer)` : String(member)),
    },
    fields: {
      team: { type: "reference", to: "team" },
      member: { type: "reference", to: "member" },
      role: { type: "text", default: "member" },
    },
  },
  binding: {
    label: "binding",
    tier: "org",
    section: (fields: { readonly team?: unknown }) => (fields.team == null ? "members" : "teams"),
    identity: ["member", "team", "catalog_role", "role", "workspace", "environment", "resource"],
    key: (fields) =>
      `${fields.member ?? `team ${fields.team}`}:${placed(fields.role ?? fields.catalog_role, fields)}`,
    partOf: {
      fields: ["member", "team"],
      shownAs: "roles",
      text: ({ role, catalog_role, workspace, environment, resource }) => {
        const held = String(role ?? catalog_role);
        if (resource != null) return `${held} on ${resource}`;
        return workspace == null && environment == null ? held : `${held} in ${workspace ?? environment}`;
      },
    },
    fields: {
      member: { type: "reference", to: "member" },
      team: { type: "reference", to: "team" },
      catalog_role: { type: "reference", to: "catalog_role" },
      role: { type: "reference", to: "role" },
      workspace: { type: "reference", to: "workspace" },
      environment: { type: "reference", to: "environment" },
      resource: { type: "reference", to: "resource" },
    },
  },
  invitation: {
    label: "invitation",
    tier: "org",
    section: "invitations",
    identity: ["email"],
    key: (fields) => String(fields.email),
    fields: {
      email: { type: "text" },
      /** What the invited will hold: `{ roles, workspaces, environments, resources, teams }`. */
      grants: { type: "json", default: {} },
      status: { type: "text", default: "pending" },
      expires: { type: "time" },
      message: { type: "text" },
    },
  },
  sso: {
    label: "sso",
    tier: "org",
    section: "sso",
    identity: ["name"],
    key: byName,
    fields: {
      name: { type: "text" },
      description: { type: "text" },
      protocol: { type: "text" },
      issuer: { type: "text" },
      client_id: { type: "text" },
      client_secret: { type: "text" },
      metadata_url: { type: "text" },
      domains: { type: "names", default: [] },
      enabled: { type: "switch", default: true },
    },
  },
  join_rule: {
    label: "join",
    tier: "org",
    section: "join",
    identity: ["domain"],
    key: (fields) => String(fields.domain),
    fields: {
      domain: { type: "text" },
      /** What a newcomer from the domain will hold, in the form of an invitation's. */
      grants: { type: "json", default: {} },
      sso: { type: "reference", to: "sso" },
    },
  },
} as const satisfies Record<string, Descriptor>;
