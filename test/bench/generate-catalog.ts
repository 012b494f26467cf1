import type { ManifestFile } from "./generate-estate.ts";

/** The catalog that every generated estate has, over several files. */
export function catalogFiles(): readonly ManifestFile[] {
  return [
    { path: "catalog.yaml", text: `${head}${vocabulary}` },
    { path: "catalog/plans.yaml", text: `${head}${plans}` },
    { path: "catalog/flags.yaml", text: `${head}${flags}` },
    { path: "catalog/templates.yaml", text: `${head}${templates}` },
  ];
}

const head = "apiVersion: tenantry/v1\ncatalog: bench\n\n";

const vocabulary = `attributes:
  org: { region: [eu, us, apac], employees: number }
  member: { department: text }
  document: { status: [draft, live, archived] }
  request: { ip_country: text }

permissions:
  org: [read, update, archive]
  members: [read, invite, remove, set_role]
  teams: [read, manage]
  billing: [read, change]
  document: { scope: workspace, actions: [read, write, delete] }
  deployment: { scope: environment, actions: [read, create, roll_back] }

roles:
  owner: { grants: ["*:*"], across: workspaces, at_least: 1 }
  admin: { inherits: [member], grants: [org:update, members:*, teams:manage] }
  member: { grants: [org:read, members:read, teams:read] }
  editor:
    grants:
      - document:read
      - { allow: document:write, if: { resource.status: [draft, live] } }
      - { deny: document:delete, if: { resource.status: live } }
  deployer: { grants: [deployment:read, deployment:create] }
  viewer: { grants: [document:read, deployment:read] }

features:
  sso: switch
  audit_export: switch
  seats: { limit: members }
  workspaces: { limit: workspaces }
  storage_gb: { limit: storage }
  api_calls: quota
  support: [community, standard, premium, enterprise]

rate_limits:
  api: 60/minute

products: [platform, care]
policy: { membership_limit: unlimited }
guards: { max_removals: 25% }

tests:
  - name: an editor writes drafts and never deletes what is live
    now: 2026-11-01
    org: { plan: team }
    member: { workspaces: { web: editor } }
    resource: { type: document, workspace: web, status: live }
    expect: { permissions.document:write: true, permissions.document:delete: false }
`;

const plans = `plans:
  free:
    product: platform
    fallback: true
    versions:
      1:
        entitlements:
          { sso: false, audit_export: false, seats: 3, workspaces: 1, storage_gb: 5, api_calls: 10_000/month, support: community }
  team:
    product: platform
    versions:
      1:
        extends: free@1
        price: { monthly: 39.00 USD }
        entitlements: { seats: 25, workspaces: 5, storage_gb: 100, api_calls: 50_000/month, support: standard }
      2:
        extends: team@1
        price: { monthly: 49.00 USD, annual: 490.00 USD }
        trial: 14 days
        entitlements: { seats: 50, api_calls: 100_000/month }
        rate_limits: { api: 600/minute }
  enterprise:
    product: platform
    versions:
      1:
        extends: team@2
        price: { annual: 18_000.00 USD }
        entitlements: { sso: true, audit_export: true, seats: unlimited, workspaces: unlimited, support: enterprise }
        rate_limits: { api: 3_000/minute }
  care-plus:
    product: care
    versions:
      1: { price: { annual: 1_200.00 USD }, entitlements: { support: premium } }
`;

const flags = `flags:
  new_dashboard:
    description: The dashboard that replaces the 2024 one
    default: false
    rules:
      - if: { org.plan: [team, enterprise], org.created_at: { after: 2024-01-01 } }
        serve: true
      - if: { org.region: eu }
        rollout: 25%
        serve: true
  checkout:
    variants: { old: v1, new: v2, test: v2b }
    default: old
    rules:
      - if: { environment.tier: [dev, stage] }
        serve: test
      - if: { org.entitlements.support: [premium, enterprise] }
        split: { new: 50%, test: 50% }
  bulk_export:
    default: false
    rules:
      - if: { org.entitlements.audit_export: true }
        serve: true
  search_v2:
    default: false
    rules:
      - rollout: 10%
        by: member
        serve: true
`;

const templates = `templates:
  standard:
    security: { require_mfa: false }
    trace: { mode: errors_only, retention_days: 30 }
    notifications: { incidents: { enabled: true } }
  regulated:
    extends: standard
    security: { require_mfa: true }
    locked: [security.require_mfa]
`;
