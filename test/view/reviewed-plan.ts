import type { Impact } from "../../src/decision/impact/impact.ts";
import { catalogId, type Writer } from "../../src/model/state.ts";
import type { Change, Plan, ScopePlan } from "../../src/plan/plan.ts";

type Changed = Pick<Change, "kind" | "id" | "key" | "path" | "partOf">;

/** Who and what a change is about; its place is the path's one number, see `places`. */
function about(kind: Change["kind"], key: string, line: number | null, partOf?: Change["partOf"]): Changed {
  return { kind, id: `${kind}-1`, key, path: line === null ? null : [line], partOf: partOf ?? null };
}

export const psql: Writer = {
  login: "postgres",
  application: "psql",
  actor: null,
  at: "2026-11-20T14:02:31Z",
};

export const places = {
  declaredAt: (org: string | null, [line]: readonly (string | number)[]) =>
    org === null ? `tenants/catalog.yaml:${line}` : `tenants/orgs/${org}.yaml:${line}`,
  wasDeclaredAt: (org: string | null) => (org === "acme" ? "tenants/orgs/acme.yaml:31" : null),
};

export const provenance = {
  commit: "9f3c2e1d5b7a4f60c8e2b1a09d8f7e6c5b4a3928",
  title: "Q4 access review",
  actor: "dora",
  isDirty: false,
};

const allow = (permission: string) => ({ effect: "allow", permission, if: null });

const noDrift = { drift: null };
const nowhere = { team: null, role: null, workspace: null, environment: null, resource: null };
const bo = { kind: "member", key: "bo@hooli.example" } as const;
const cy = { kind: "member", key: "cy@contractor.example" } as const;

export const catalog: ScopePlan = {
  org: null,
  orgId: catalogId,
  ids: new Map(),
  changes: [
    {
      action: "update",
      ...about("catalog_role", "admin", 18),
      fields: [
        {
          field: "grants",
          before: [allow("org:update")],
          after: [allow("org:update"), allow("billing:change")],
          ...noDrift,
        },
      ],
      managedBefore: ["grants", "name"],
      managed: ["grants", "name"],
    },
  ],
};

export const acme: ScopePlan = {
  org: "acme",
  orgId: "o1",
  ids: new Map(),
  changes: [
    {
      action: "delete",
      ...about("member", "cy@contractor.example", null),
      drift: null,
      before: { key: "cy@contractor.example", status: "active" },
    },
    {
      action: "delete",
      ...about("binding", "cy@contractor.example:editor@web", null, cy),
      drift: null,
      before: { ...nowhere, member: cy.key, catalog_role: "editor", workspace: "web" },
    },
  ],
};

export const globex: ScopePlan = {
  org: "globex",
  orgId: "o2",
  ids: new Map(),
  changes: [
    {
      action: "update",
      ...about("subscription", "platform", 9),
      fields: [
        { field: "plan", before: "enterprise@1", after: "team@2", ...noDrift },
        { field: "cycle", before: "annual", after: "monthly", ...noDrift },
      ],
      managedBefore: ["plan"],
      managed: ["plan"],
    },
  ],
};

export const hooli: ScopePlan = {
  org: "hooli",
  orgId: "o3",
  ids: new Map(),
  changes: [
    {
      action: "update",
      ...about("banner", "", 30),
      fields: [
        {
          field: "message",
          before: "Sunday 02:00 UTC: read-only for two hours. Exports still run. Ask ops@hooli.example.",
          after: "Sunday 02:00 UTC: read-only for three hours. Exports still run. Ask ops@hooli.example.",
          ...noDrift,
        },
      ],
      managedBefore: ["message"],
      managed: ["message"],
    },
    {
      action: "create",
      ...about("binding", "bo@hooli.example:admin", 22, bo),
      drift: psql,
      after: { ...nowhere, member: bo.key, catalog_role: "admin" },
      managed: ["member"],
    },
    {
      action: "delete",
      ...about("binding", "bo@hooli.example:owner", null, bo),
      drift: psql,
      before: { ...nowhere, member: bo.key, catalog_role: "owner" },
    },
    {
      action: "update",
      ...about("security", "", 41),
      fields: [
        {
          field: "require_mfa",
          before: false,
          after: true,
          drift: { applied: true, by: psql },
        },
      ],
      managedBefore: ["require_mfa"],
      managed: ["require_mfa"],
    },
  ],
};

/** A plan with some of everything. */
export const reviewed: Plan = {
  kind: "plan",
  now: "2026-11-23T09:02:11Z",
  base: { epoch: "epoch", revision: 1841, counters: new Map() },
  catalogIds: new Map(),
  scopes: [catalog, acme, globex, hooli],
  findings: [
    {
      code: "over-limit",
      subject: "globex",
      message: "globex has 61 active members, team@2 allows 50.",
      help: "Remove 11 members or give it seats: 61; to let it pass once: --allow over-limit:globex",
      canPass: true,
      at: { org: "globex", path: [9] },
    },
  ],
  allowed: [
    {
      code: "max-removals",
      subject: "acme",
      message: "12 of 24 members of acme would be removed, the limit is 25 %.",
      help: "Remove fewer at once.",
      canPass: true,
      at: null,
    },
  ],
  notes: [
    {
      subject: "acme",
      message: 'nothing was called "acme-corp": acme is created new.',
      at: { org: "acme", path: [4] },
    },
  ],
  headroom: [
    { org: "hooli", kind: "member", removals: 0, of: 8, limit: 0.25 },
    { org: "acme", kind: "member", removals: 1, of: 24, limit: 0.25 },
  ],
  orgCount: 412,
  looked: {
    orgs: 412,
    because: { source: 0, rows: 0, due: 0, catalog: 412, refresh: 0 },
    unmanagedSections: 3,
    dueElsewhere: 0,
  },
  baselines: [],
};

const inEu = { attribute: "org.region", op: "in", value: ["eu"] } as const;

/** An impact with every effect that there is. */
export const impact: Impact = {
  kind: "impact",
  orgs: [{ org: "initech", change: "new", status: "active", members: 3 }],
  loseEverything: [{ org: "acme", member: "cy@contractor.example", because: "removed" }],
  permissions: [
    {
      direction: "changes",
      permissions: ["billing:change"],
      before: { when: [], unless: [inEu] },
      after: { when: [inEu], unless: [] },
      role: "admin",
      isDenied: false,
      holders: [
        { org: "hooli", member: "bo@hooli.example", place: { in: "org" }, except: [], team: null },
        {
          org: "hooli",
          member: "ed@hooli.example",
          place: { in: "workspace", name: "web" },
          except: [],
          team: "ops",
        },
      ],
    },
    {
      direction: "loses",
      permissions: ["org:update"],
      before: "always",
      after: "never",
      role: "admin",
      isDenied: true,
      holders: [],
    },
  ],
  secondFactor: [{ org: "hooli", isRequired: true, members: 8 }],
  flags: [
    {
      flag: "checkout",
      before: { value: "v1", variant: "old", certainty: "answer" },
      after: { value: { theme: ["dark"] }, variant: null, certainty: "share" },
      at: [{ org: "acme", place: "web/live", except: [], members: null }],
      orgs: 1,
      ofOrgs: 412,
      members: null,
      ofMembers: null,
    },
  ],
  entitlements: [
    {
      feature: "api_calls",
      before: { amount: 10_000, per: "month" },
      after: null,
      why: { before: "plan", after: "not-in-plan" },
      at: [{ org: "globex", place: null, except: [] }],
    },
  ],
  plans: [{ product: "platform", before: "enterprise@1", after: "team@2", orgs: ["globex"] }],
  rateLimits: [
    {
      limit: "api",
      before: { amount: 3000, per: "minute" },
      after: { amount: 600, per: "minute" },
      why: { before: "plan", after: "plan" },
      orgs: ["acme"],
    },
  ],
  pending: [
    {
      by: "invitation",
      before: [],
      after: [{ role: "editor", place: { in: "workspace", name: "web" } }, { team: "release" }],
      at: [{ org: "acme", key: "new@acme.example" }],
    },
  ],
  keys: [{ gains: ["document:delete"], loses: [], at: [{ org: "acme", key: "deploy" }] }],
  ssoLost: [{ org: "globex", members: 58, ofMembers: 61 }],
  traces: [
    {
      before: { mode: "none", sampleRate: 1, retentionDays: 30 },
      after: { mode: "sampled", sampleRate: 0.1, retentionDays: 14 },
      orgs: ["acme"],
    },
  ],
  money: {
    total: [{ currency: "USD", amount: "-1451.00" }],
    orgs: [{ org: "globex", monthly: [{ currency: "USD", amount: "-1451.00" }] }],
    unpriced: ["hooli"],
  },
  lapses: [
    {
      at: "2026-12-01T00:00:00Z",
      org: "acme",
      address: "acme/subscription/platform",
      what: "trial ends",
      next: "free@1",
    },
  ],
};
