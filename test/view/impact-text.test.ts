import { expect, test } from "vitest";
import { compileCatalog } from "../../src/decision/compile-catalog.ts";
import { collectImpact } from "../../src/decision/impact/collect-impact.ts";
import type { Grant } from "../../src/model/grant.ts";
import type { Resource } from "../../src/model/state.ts";
import type { Value } from "../../src/model/value.ts";
import { impactJson } from "../../src/view/impact-json.ts";
import { impactText } from "../../src/view/impact-text.ts";
import { allow, catalogResources, declare, now, rule, when } from "../decision/acme-cloud.ts";

const view = { colour: false, width: 100, names: "some" } as const;
const prices = { enterprise: "1500.00", team: "49.00" };
const priced = (rows: readonly Resource[]) =>
  rows.map((row) => {
    const amount = prices[row.fields.plan as keyof typeof prices];
    const price = amount
      ? { monthly: { amount, currency: "USD" }, annual: { amount: "490.00", currency: "USD" } }
      : null;
    return row.kind === "plan_version" ? { ...row, fields: { ...row.fields, price } } : row;
  });
const catalogRows: readonly Resource[] = priced(catalogResources);

const person = (org: string, name: string, role: string | null, more = {}) => [
  declare("member", { key: `${name}@${org}.example`, email: `${name}@${org}.example`, ...more }),
  ...(role === null ? [] : [declare("binding", { member: `${name}@${org}.example`, catalog_role: role })]),
];
const org = (slug: string, rows: readonly Resource[], fields = {}) => ({
  id: `id-${slug}`,
  slug,
  resources: [
    declare("org", { slug, attributes: { region: "eu" }, ...fields }),
    declare("workspace", { slug: "web" }),
    declare("environment", { workspace: "web", slug: "live", tier: "prod" }),
    ...rows,
  ],
});
const subscribed = (plan: string, more = {}) =>
  declare("subscription", { product: "platform", plan, cycle: "monthly", ...more });

function impactOf(
  pairs: readonly (readonly [ReturnType<typeof org> | null, ReturnType<typeof org> | null])[],
  catalogs: { readonly before?: readonly Resource[]; readonly after?: readonly Resource[] } = {},
) {
  const collector = collectImpact({
    before: compileCatalog(catalogs.before ?? catalogRows),
    after: compileCatalog(catalogs.after ?? catalogRows),
    now,
  });
  for (const [before, after] of pairs) collector.add({ before, after });
  return collector.result();
}

test("nothing", () => {
  const acme = org("acme", person("acme", "ana", "owner"));
  expect(impactText(impactOf([[acme, acme]]), view)).toBe(
    "What this decides  nothing: no member, flag, entitlement or trace is decided differently\n",
  );
});

test("an access review: who goes, who has less, what a downgrade costs, and what lapses", () => {
  const people = [
    ...person("acme", "ana", "owner"),
    ...person("acme", "cy", "admin"),
    ...person("acme", "di", "admin"),
  ];
  const team = [
    declare("team", { name: "release" }),
    declare("team_member", { team: "release", member: "ana@acme.example" }),
  ];
  const before = org("acme", [
    ...people,
    ...team,
    ...person("acme", "bo", "owner"),
    subscribed("enterprise@1"),
    declare("trace", { mode: "all" }),
    declare("sso", { name: "okta", domains: ["acme.example"] }),
  ]);
  const after = org("acme", [
    ...people.filter(
      ({ fields, kind }) =>
        fields.member !== "cy@acme.example" && !(kind === "member" && fields.key === "cy@acme.example"),
    ),
    ...team,
    ...person("acme", "bo", "admin"),
    declare("binding", { team: "release", catalog_role: "editor", workspace: "web" }),
    declare("binding", { member: "di@acme.example", catalog_role: "editor", workspace: "web" }),
    subscribed("team@2", { next_plan: "team@1", next_from: "2026-11-20T00:00:00Z" }),
    declare("entitlement", {
      feature: "api_calls",
      value: { amount: 250_000, per: "month" },
      until: "2026-11-15T09:30:00Z",
    }),
    declare("trace", { mode: "sampled", sample_rate: 0.1, retention_days: 14 }),
    declare("security", { require_mfa: true }),
    declare("sso", { name: "okta", domains: ["acme.example"] }),
  ]);
  const hooli = org("hooli", person("hooli", "eve", "owner"));
  const fresh = org("newco", [
    ...person("newco", "fay", "owner"),
    subscribed("team@2", { cycle: "annual", quantity: 2 }),
  ]);
  expect(
    impactText(
      impactOf([
        [before, after],
        [
          hooli,
          { ...hooli, resources: org("hooli", hooli.resources.slice(1), { status: "suspended" }).resources },
        ],
        [null, fresh],
      ]),
      view,
    ),
  ).toMatchInlineSnapshot(`
    "What this decides
      orgs      new                                   newco with 1 member
                lose everything                       hooli (suspended) with 1 member
      gains     deployment:run, document:read         di@acme.example in acme web, as editor
                document:write when resource.status is draft or live
                  di@acme.example in acme web, as editor
      loses     everything                            cy@acme.example in acme (removed)
                billing:change, billing:read          bo@acme.example in acme, as owner
                4 permissions
                  bo@acme.example in acme (every workspace), as owner
                document:delete when resource.status is live
                  ana@acme.example in acme web by team release, denied by editor
      sign-in   needs a second factor                 3 members in acme
                acme loses sso                        3 of 3 members have an address of its SSO domains
      plan      enterprise@1 → team@2                 acme
      entitled  api_calls 100_000/month → 250_000/month, by an override
                  acme
                seats unlimited → 50                  acme
                sso true → false                      acme
                support enterprise → standard         acme
      money     −1,369.33 USD a month                 acme −1,451.00, newco +81.67
      traces    all for 30 days → 10% for 14 days     acme
    Lapses within 30 days  acme/entitlement/api_calls ends 2026-11-15 09:30Z ·
                           acme/subscription/platform changes plan to team@1 2026-11-20
    "
  `);
});

const rates = (general: number, team: number | null, enterprise: number) => [
  ...catalogRows.map((row) => {
    const amount = row.key === "team@2" ? team : row.key === "enterprise@1" ? enterprise : null;
    if (row.kind !== "plan_version" || amount === null) return row;
    return { ...row, fields: { ...row.fields, rate_limits: { api: { amount, per: "minute" } } } } as Resource;
  }),
  declare("catalog_rate_limit", { name: "api", amount: general, period: "minute" }),
];
const ownRate = (amount: number, more = {}) =>
  declare("rate_limit", { name: "api", amount, period: "minute", ...more });

test("a rate limit of the catalog: every org without one of its own, by its plan or its row", () => {
  const orgs = [
    org("acme", [subscribed("enterprise@1")]),
    org("globex", []),
    org("hooli", [ownRate(5)]),
    org("initech", [ownRate(5, { until: "2026-01-01T00:00:00Z" })]),
    org("stark", [], { status: "suspended" }),
    ...Array.from({ length: 30 }, (_, index) => org(`org-${index}`, [subscribed("team@2")])),
  ];
  const impact = impactOf(
    orgs.map((each) => [each, each]),
    { before: rates(60, 600, 3000), after: rates(30, 300, 3000) },
  );
  expect(impactText(impact, view)).toMatchInlineSnapshot(`
    "What this decides
      limits  api 600/minute → 300/minute  30 orgs
                org-0, org-1, org-10, org-11, org-12, org-13, org-14, org-15, org-16, org-17, org-18,
                org-19, org-2, org-20, org-21, org-22, org-23, org-24, org-25, org-26, and 10 more
              api 60/minute → 30/minute    globex, initech
    "
  `);
});

test("rate limits that an org's rows move: another plan, an override that comes, one that goes", () => {
  const impact = impactOf(
    [
      [org("acme", [subscribed("enterprise@1")]), org("acme", [subscribed("team@2")])],
      [org("globex", []), org("globex", [ownRate(120)])],
      [org("hooli", [ownRate(5)]), org("hooli", [ownRate(5, { until: "2026-01-01T00:00:00Z" })])],
      [org("initech", []), org("initech", [ownRate(60)])],
    ],
    { before: rates(60, 600, 3000), after: rates(60, 600, 3000) },
  );
  expect(impactText(impact, view)).toMatchInlineSnapshot(`
    "What this decides
      plan      enterprise@1 → team@2                 acme
      entitled  seats unlimited → 50                  acme
                sso true → false                      acme
                support enterprise → standard         acme
      limits    api 60/minute → 120/minute, by an override
                  globex
                api 5/minute → 60/minute, its override gone
                  hooli
                api 3_000/minute → 600/minute         acme
      money     −1,451.00 USD a month                 acme −1,451.00
    "
  `);
});

const invited = (email: string, grants: Value, more = {}) =>
  declare("invitation", { email, grants, ...more });
const joining = (domain: string, grants: Value) => declare("join_rule", { domain, grants });
const key = (name: string, scopes: readonly string[], more = {}) =>
  declare("api_key", { name, scopes, ...more });

test("what the invited and those who join will hold, and what keys may do", () => {
  const over = { expires: "2026-01-01T00:00:00Z" };
  const before = org("acme", [
    joining("acme.example", { roles: ["member"] }),
    joining("same.example", { roles: ["reader", "member"] }),
    invited("wider@acme.example", { roles: ["member"] }),
    invited("gone@acme.example", { workspaces: { web: ["editor"] } }),
    invited("late@acme.example", { roles: ["owner"] }, over),
    invited("came@acme.example", { teams: ["release"] }),
    key("deploy", ["document:read"]),
    key("old", ["document:*"]),
    key("renewed", ["org:read"], over),
    key("same", ["org:read", "document:read"]),
  ]);
  const after = org("acme", [
    joining("acme.example", { roles: ["owner"] }),
    joining("same.example", { roles: ["member", "reader", "member"] }),
    invited("wider@acme.example", { roles: ["member"], resources: { "document/spec": ["editor"] } }),
    invited("new@acme.example", { roles: ["owner"], environments: { "web/live": ["editor"] } }),
    invited("came@acme.example", { teams: ["release"] }, { status: "accepted" }),
    invited("odd@acme.example", "owner"),
    key("deploy", ["document:read", "document:delete"]),
    key("renewed", ["org:read"]),
    key("same", ["document:read", "org:read"]),
    key("swapped", []),
  ]);
  expect(impactText(impactOf([[before, after]]), view)).toMatchInlineSnapshot(`
    "What this decides
      pending  invitation came@acme.example: team release → none
                 acme
               invitation gone@acme.example: editor in web → none
                 acme
               invitation new@acme.example: none → editor in web/live, owner
                 acme
               invitation wider@acme.example: member → member, editor on document/spec
                 acme
               join acme.example: member → owner     acme
      keys     deploy: + document:delete             acme
               old: − document:*                     acme
               renewed: + org:read                   acme
    "
  `);
  const stopped = org("acme", after.resources.slice(1), { status: "suspended" });
  expect(impactOf([[before, stopped]])).toMatchObject({ pending: [], keys: [] });
});

test("many invitations and keys that move alike: counts first, then twenty names", () => {
  const slugs = Array.from({ length: 30 }, (_, index) => `org-${String(index).padStart(2, "0")}`);
  const impact = impactOf(
    slugs.map((slug) => [
      org(slug, [key("deploy", ["org:read"]), key(`of-${slug}`, [])]),
      org(slug, [
        key("deploy", []),
        key(`of-${slug}`, ["document:delete"]),
        invited(`new@${slug}.example`, { roles: ["owner"] }),
      ]),
    ]),
  );
  expect(impactText(impact, view)).toMatchInlineSnapshot(`
    "What this decides
      pending  invitations: none → owner  30 invitations in 30 orgs
                 new@org-00.example in org-00, new@org-01.example in org-01,
                 new@org-02.example in org-02, new@org-03.example in org-03,
                 new@org-04.example in org-04, new@org-05.example in org-05,
                 new@org-06.example in org-06, new@org-07.example in org-07,
                 new@org-08.example in org-08, new@org-09.example in org-09,
                 new@org-10.example in org-10, new@org-11.example in org-11,
                 new@org-12.example in org-12, new@org-13.example in org-13,
                 new@org-14.example in org-14, new@org-15.example in org-15,
                 new@org-16.example in org-16, new@org-17.example in org-17,
                 new@org-18.example in org-18, new@org-19.example in org-19, and 10 more
      keys     deploy: − org:read         30 orgs
                 org-00, org-01, org-02, org-03, org-04, org-05, org-06, org-07, org-08, org-09, org-10,
                 org-11, org-12, org-13, org-14, org-15, org-16, org-17, org-18, org-19, and 10 more
               + document:delete          30 keys in 30 orgs
                 of-org-00 in org-00, of-org-01 in org-01, of-org-02 in org-02, of-org-03 in org-03,
                 of-org-04 in org-04, of-org-05 in org-05, of-org-06 in org-06, of-org-07 in org-07,
                 of-org-08 in org-08, of-org-09 in org-09, of-org-10 in org-10, of-org-11 in org-11,
                 of-org-12 in org-12, of-org-13 in org-13, of-org-14 in org-14, of-org-15 in org-15,
                 of-org-16 in org-16, of-org-17 in org-17, of-org-18 in org-18, of-org-19 in org-19,
                 and 10 more
    "
  `);
});

test("a catalog's change that reaches many: counts first, then twenty names", () => {
  const orgs = Array.from({ length: 30 }, (_, index) => {
    const slug = `org-${String(index).padStart(2, "0")}`;
    return org(slug, [
      ...person(slug, "ana", "admin"),
      ...person(slug, "ed", "editor"),
      ...(index % 3 ? [subscribed("team@2")] : []),
    ]);
  });
  const changed = catalogRows.map((row) => {
    const { kind, key, fields } = row;
    if (kind === "catalog_role" && key === "admin")
      return {
        ...row,
        fields: {
          ...fields,
          grants: [
            ...(fields.grants as unknown as readonly Grant[]),
            allow("billing:change"),
            allow("document:read"),
          ],
        },
      } as Resource;
    if (kind === "catalog_role" && key === "editor")
      return {
        ...row,
        fields: {
          ...fields,
          across: "workspaces",
          grants: [allow("document:write", when("resource.status", "in", ["draft"]))],
        },
      } as Resource;
    if (kind === "flag" && key === "new_dashboard")
      return {
        ...row,
        fields: { ...fields, rules: [rule({ rollout: 40, serve: true })] },
      } as unknown as Resource;
    if (kind === "plan_version" && key === "team@2")
      return {
        ...row,
        fields: {
          ...fields,
          price: { monthly: { amount: "59.50", currency: "USD" } },
          entitlements: { seats: 60 },
        },
      } as Resource;
    return row;
  });
  const impact = impactOf(
    orgs.map((each) => [each, each]),
    { after: changed },
  );
  expect(impactText(impact, view)).toMatchInlineSnapshot(`
    "What this decides
      gains     billing:change                        30 members in 30 orgs, as admin
                  ana@org-00.example in org-00, ana@org-01.example in org-01,
                  ana@org-02.example in org-02, ana@org-03.example in org-03,
                  ana@org-04.example in org-04, ana@org-05.example in org-05,
                  ana@org-06.example in org-06, ana@org-07.example in org-07,
                  ana@org-08.example in org-08, ana@org-09.example in org-09,
                  ana@org-10.example in org-10, ana@org-11.example in org-11,
                  ana@org-12.example in org-12, ana@org-13.example in org-13,
                  ana@org-14.example in org-14, ana@org-15.example in org-15,
                  ana@org-16.example in org-16, ana@org-17.example in org-17,
                  ana@org-18.example in org-18, ana@org-19.example in org-19, and 10 more
                document:write when resource.status is draft
                  30 members in 30 orgs, as editor
                  ed@org-00.example in org-00 (every workspace),
                  ed@org-01.example in org-01 (every workspace),
                  ed@org-02.example in org-02 (every workspace),
                  ed@org-03.example in org-03 (every workspace),
                  ed@org-04.example in org-04 (every workspace),
                  ed@org-05.example in org-05 (every workspace),
                  ed@org-06.example in org-06 (every workspace),
                  ed@org-07.example in org-07 (every workspace),
                  ed@org-08.example in org-08 (every workspace),
                  ed@org-09.example in org-09 (every workspace),
                  ed@org-10.example in org-10 (every workspace),
                  ed@org-11.example in org-11 (every workspace),
                  ed@org-12.example in org-12 (every workspace),
                  ed@org-13.example in org-13 (every workspace),
                  ed@org-14.example in org-14 (every workspace),
                  ed@org-15.example in org-15 (every workspace),
                  ed@org-16.example in org-16 (every workspace),
                  ed@org-17.example in org-17 (every workspace),
                  ed@org-18.example in org-18 (every workspace),
                  ed@org-19.example in org-19 (every workspace), and 10 more
      entitled  api_calls 100_000/month → none        20 orgs
                  org-01, org-02, org-04, org-05, org-07, org-08, org-10, org-11, org-13, org-14,
                  org-16, org-17, org-19, org-20, org-22, org-23, org-25, org-26, org-28, org-29
                seats 50 → 60                         20 orgs
                  org-01, org-02, org-04, org-05, org-07, org-08, org-10, org-11, org-13, org-14,
                  org-16, org-17, org-19, org-20, org-22, org-23, org-25, org-26, org-28, org-29
                support standard → none               20 orgs
                  org-01, org-02, org-04, org-05, org-07, org-08, org-10, org-11, org-13, org-14,
                  org-16, org-17, org-19, org-20, org-22, org-23, org-25, org-26, org-28, org-29
      money     +210.00 USD a month                   20 orgs
                  org-01 +10.50, org-02 +10.50, org-04 +10.50, org-05 +10.50, org-07 +10.50,
                  org-08 +10.50, org-10 +10.50, org-11 +10.50, org-13 +10.50, org-14 +10.50,
                  org-16 +10.50, org-17 +10.50, org-19 +10.50, org-20 +10.50, org-22 +10.50,
                  org-23 +10.50, org-25 +10.50, org-26 +10.50, org-28 +10.50, org-29 +10.50
      flags     new_dashboard false → true            3 of 30 orgs asked
                  org-00, org-04, org-29
    "
  `);
  expect(impactText(impact, { ...view, names: "all" })).not.toContain("more");
  expect(impactJson(impact).summary).toMatchInlineSnapshot(`
    {
      "features": 3,
      "flags": 1,
      "members": 60,
      "orgs": 0,
      "traces": 0,
    }
  `);
});
