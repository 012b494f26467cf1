import * as z from "zod";
import { type Reason, reasons } from "../decision/reason.ts";
import { type RatePeriod, secondsOf } from "../model/quantity.ts";

const count = z.number().int().min(0);
const org = z.string();
const value = z.json();
const reason = z.enum(Object.keys(reasons) as [Reason, ...Reason[]]);

const standing = z
  .union([
    z.enum(["never", "always"]),
    z.strictObject({ when: z.array(value), unless: z.array(value) }).describe("As conditions decide"),
  ])
  .meta({ id: "standing", description: "What a member may do at one place" });

const place = z.union([
  z.strictObject({ in: z.enum(["org", "workspaces"]) }),
  z.strictObject({ in: z.enum(["workspace", "environment", "resource"]), name: z.string() }),
]);

const except = z.array(z.string()).describe("Places within it, with all in them, where this is not so");

const holder = z.strictObject({
  org,
  member: z.string(),
  place,
  except,
  team: z.string().nullable().describe("The team by which the role is held; null: directly"),
});

const permission = z.strictObject({
  direction: z.enum(["gains", "loses", "changes"]),
  permissions: z.array(z.string()),
  before: standing,
  after: standing,
  role: z.string(),
  isDenied: z.boolean().describe("It is lost because that role denies it"),
  holders: z.array(holder),
});

const flagAnswer = z
  .strictObject({
    value,
    variant: z.string().nullable(),
    certainty: z
      .enum(["answer", "share", "undetermined", "missing"])
      .describe(
        "share: by a rollout or split; undetermined: an id or salt is missing; missing: no such flag",
      ),
  })
  .meta({ id: "flagAnswer" });

const flag = z.strictObject({
  flag: z.string(),
  before: flagAnswer,
  after: flagAnswer,
  at: z.array(
    z.strictObject({
      org,
      place: z.string().nullable(),
      except,
      members: count.nullable(),
    }),
  ),
  orgs: count,
  ofOrgs: count,
  members: count.nullable(),
  ofMembers: count.nullable(),
});

const entitlement = z.strictObject({
  feature: z.string(),
  before: value,
  after: value,
  why: z.strictObject({ before: reason, after: reason }),
  at: z.array(z.strictObject({ org, place: z.string().nullable(), except })),
});

const rate = z.strictObject({ amount: count, per: z.enum(Object.keys(secondsOf) as RatePeriod[]) });
const rateSource = z.enum(["override", "plan", "catalog"]).nullable();

const rateLimit = z.strictObject({
  limit: z.string(),
  before: rate.nullable().describe("null: there is no such limit"),
  after: rate.nullable(),
  why: z.strictObject({ before: rateSource, after: rateSource }),
  orgs: z.array(org),
});

const rows = z.array(z.strictObject({ org, key: z.string() }));
const promised = z.array(
  z.union([z.strictObject({ role: z.string(), place }), z.strictObject({ team: z.string() })]),
);

const pending = z.strictObject({
  by: z.enum(["invitation", "join"]),
  before: promised,
  after: promised,
  at: rows,
});

const key = z.strictObject({ gains: z.array(z.string()), loses: z.array(z.string()), at: rows });

const capture = z.strictObject({ mode: z.string(), sampleRate: z.number(), retentionDays: z.number() });

const monthly = z.strictObject({
  currency: z.string(),
  amount: z.string().describe("Decimal text with a sign where it is less: -1451.00"),
});

const lapse = z.strictObject({
  at: z.string(),
  org,
  address: z.string(),
  what: z.enum(["trial ends", "ends", "changes plan", "begins", "expires", "is purged"]),
  next: z.string().nullable(),
});

/** What a plan decides for people, as data. */
export const impactSchema = z
  .strictObject({
    format: z.literal("tenantry/impact/v1"),
    summary: z.strictObject({ members: count, orgs: count, flags: count, features: count, traces: count }),
    orgs: z.array(
      z.strictObject({
        org,
        change: z.enum(["new", "gone", "stopped", "started"]),
        status: z.string(),
        members: count,
      }),
    ),
    loseEverything: z.array(
      z.strictObject({ org, member: z.string(), because: z.enum(["removed", "suspended"]) }),
    ),
    permissions: z.array(permission),
    secondFactor: z.array(z.strictObject({ org, isRequired: z.boolean(), members: count })),
    flags: z.array(flag),
    entitlements: z.array(entitlement),
    plans: z.array(
      z.strictObject({
        product: z.string(),
        before: z.string().nullable(),
        after: z.string().nullable(),
        orgs: z.array(org),
      }),
    ),
    rateLimits: z.array(rateLimit),
    pending: z.array(pending),
    keys: z.array(key),
    ssoLost: z.array(z.strictObject({ org, members: count, ofMembers: count })),
    traces: z.array(z.strictObject({ before: capture, after: capture, orgs: z.array(org) })),
    money: z.strictObject({
      total: z.array(monthly),
      orgs: z.array(z.strictObject({ org, monthly: z.array(monthly) })),
      unpriced: z.array(org),
    }),
    lapses: z.array(lapse),
  })
  .meta({ id: "impact" });
