/** Two tenants of a served estate, and one that is not there; their names are of one length, so that answers are. */
export const tenants = ["zqnorth", "zqsouth"] as const;
export type Tenant = (typeof tenants)[number];

/** Nobody has an org of that name, nor anything else. */
export const nobody = "zqnoone";

/** Who is a member of both, under a name and an id that are in both. */
export const ofBoth = { address: "both@shared.example", id: "user-of-both" };

export function otherThan(tenant: Tenant): Tenant {
  return tenant === "zqnorth" ? "zqsouth" : "zqnorth";
}

/**
 * The estate as manifests. Each tenant's name stands in every text that is its own, with a number that no other text of
 * it has; beside what is called after it, each has a workspace, an environment and a resource that both call the same.
 */
export const twoTenants: Readonly<Record<string, string>> = {
  "catalog.yaml": `apiVersion: tenantry/v1
catalog: canaries
attributes:
  org: { note: text }
  member: { department: text }
  document: { title: text }
  request: { ip_country: text }
permissions:
  org: [read, update]
  members: [read, invite]
  document: { scope: workspace, actions: [read, write] }
  deployment: { scope: environment, actions: [read, create] }
roles:
  owner: { grants: ["*:*"], across: workspaces, at_least: 1 }
  member: { grants: [org:read, members:read] }
  editor: { grants: [document:read, { allow: document:write, if: { resource.title: { present: true } } }, deployment:read] }
features:
  sso: switch
  seats: { limit: members }
  api_calls: quota
rate_limits: { api: 60/minute }
products: [platform]
plans:
  free: { product: platform, fallback: true, versions: { 1: { entitlements: { sso: false, seats: 30, api_calls: 10_000/month } } } }
flags:
  motd: { default: nothing, rules: [{ if: { request.ip_country: { present: true } }, serve: abroad }] }
  noted: { default: false, rules: [{ if: { org.note: { contains: "1" }, member.department: { present: true } }, serve: true }] }
`,
  ...Object.fromEntries(tenants.map((tenant) => [`orgs/${tenant}.yaml`, manifestOf(tenant)])),
};

function manifestOf(tenant: Tenant): string {
  let count = 0;
  const text = () => `${tenant}-${++count}`;
  const described = () => `description: ${text()}`;
  const noted = () => `metadata: { note: ${text()} }`;
  const flagged = () => `flags: { motd: { value: ${text()}, reason: ${text()} } }`;
  const at = `${tenant}.example`;
  return `apiVersion: tenantry/v1
org: ${tenant}
name: ${text()}
${described()}
industry: ${text()}
primary_domain: ${at}
contacts: { primary: ops@${at}, billing: ap@${at} }
attributes: { note: ${text()} }
${noted()}
subscriptions: { platform: free@1 }
entitlements: { api_calls: { value: 250_000/month, reason: ${text()} } }
rate_limits: { api: { value: 600/minute, reason: ${text()} } }
${flagged()}
roles:
  role-${tenant}: { ${described()}, grants: [org:read, org:update, document:read, deployment:read], across: workspaces }
members:
  ana@${at}: { id: user-${tenant}-ana, name: ${text()}, roles: [owner, role-${tenant}], attributes: { department: ${text()} }, ${noted()} }
  bo@${at}: { id: user-${tenant}-bo, workspaces: { ws-${tenant}: editor, web: editor }, environments: { web/live: role-${tenant} }, resources: { document/spec-${tenant}: editor } }
  user-${tenant}-bot: { type: service, name: ${text()}, roles: member }
  ${ofBoth.address}: { id: ${ofBoth.id}, name: ${text()}, roles: [member, role-${tenant}] }
teams:
  team-${tenant}: { ${described()}, members: [bo@${at}, ${ofBoth.address}], workspaces: { ws-${tenant}: editor }, ${noted()} }
invitations:
  guest@${at}: { message: ${text()}, roles: member, teams: [team-${tenant}] }
workspaces:
  ws-${tenant}:
    name: ${text()}
    ${described()}
    ${flagged()}
    settings: { note: ${text()} }
    ${noted()}
    environments:
      env-${tenant}: { name: ${text()}, ${described()}, backend: ${text()}, ${flagged()}, ${noted()} }
  web:
    name: ${text()}
    environments:
      live: { tier: prod, name: ${text()}, ${flagged()} }
resources:
  document/spec-${tenant}: { ${described()}, workspace: ws-${tenant}, attributes: { title: ${text()} } }
  document/plan: { ${described()}, workspace: web, attributes: { title: ${text()} } }
sso:
  sso-${tenant}: { ${described()}, protocol: oidc, issuer: "https://id.${at}/", client_id: ${text()}, client_secret: "secret://env/${tenant.toUpperCase()}", domains: [${at}] }
join:
  ${at}: { sso: sso-${tenant}, roles: member, teams: [team-${tenant}] }
api_keys:
  app-${tenant}: { ${described()}, scopes: [org:read, "document:*"] }
  old-${tenant}: { ${described()}, scopes: [org:read] }
  key-${tenant}: { ${described()} }
webhooks:
  hook-${tenant}: { ${described()}, url: "https://hook.${at}/", events: [${text()}], secret: "secret://env/${tenant.toUpperCase()}" }
notifications:
  topic-${tenant}: { email: ops@${at}, webhooks: hook-${tenant} }
trace: { mode: sampled, sample_rate: 0.10, retention_days: 14 }
branding: { primary: "#0b5fff", font: ${text()}, logo: "https://logo.${at}/" }
banner: { message: ${text()}, variant: warning }
`;
}
