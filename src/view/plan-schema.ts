import * as z from "zod";
import { type Kind, kinds } from "../model/kinds.ts";
import type { FindingCode } from "../plan/plan.ts";
import { impactSchema } from "./impact-schema.ts";

const count = z.number().int().min(0);
const time = z.string().describe("A point in time, in UTC: 2026-12-01T00:00:00Z");
const place = z.string().nullable().describe("Where it is declared: tenants/orgs/acme.yaml:31");
const org = z.string().nullable().describe("The org's slug; null is the catalog");
const value = z.json().describe("As in the manifests; a reference is the key of its target");
const address = z.string().describe("acme/member/ana@acme.example, catalog/flag/new_dashboard");
const kind = z.enum(Object.keys(kinds) as [Kind, ...Kind[]]).describe("The name of its table");

const writer = z
  .strictObject({
    login: z.string().describe("The session user of the database"),
    application: z.string().nullable(),
    actor: z.string().nullable().describe("For whom, as the writer said: a claim"),
    at: time,
  })
  .meta({ id: "writer", description: "Who wrote to the database past the manifests" });

const field = z.strictObject({
  field: z.string(),
  before: value.describe("null where it was not there"),
  after: value.describe("null where it is no more"),
  drift: z
    .strictObject({ applied: value.describe("What was last applied"), by: writer })
    .nullable()
    .describe("Set where something else changed it since the last apply"),
});

const change = z
  .strictObject({
    action: z.enum(["create", "update", "delete"]),
    address,
    org,
    kind,
    key: z.string().describe("Unique among its kind in its org, or in the catalog"),
    id: z.string(),
    partOf: address.nullable().describe("The resource that the text shows it with"),
    at: place,
    was: place.describe("Where a resource was declared that is declared no more"),
    fields: z.array(field),
    drift: writer.nullable().describe("Who took away what is created again, or made what is deleted"),
    adopted: z.boolean().describe("It was there, and is owned by the manifests from now on"),
    released: z.boolean().describe("It stays, and the manifests own it no more"),
  })
  .meta({ id: "change" });

const codes = {
  "undeclared-org": true,
  "undeclared-workspace": true,
  protected: true,
  "owned-elsewhere": true,
  "not-archived": true,
  "dropped-section": true,
  "rename-clash": true,
  "role-in-use": true,
  "still-used": true,
  "plan-version-in-use": true,
  "max-removals": true,
  "at-least": true,
  "no-sign-in": true,
  "over-limit": true,
  "slug-buried": true,
  purge: true,
  "failing-test": true,
  "revert-conflict": true,
} satisfies Record<FindingCode, true>;

const finding = z
  .strictObject({
    code: z.enum(Object.keys(codes) as [FindingCode, ...FindingCode[]]),
    subject: z.string().describe("What it is about; with the code it is what --allow names"),
    message: z.string(),
    help: z.string(),
    canPass: z.boolean().describe("Whether --allow can let it pass once"),
    at: place,
  })
  .meta({ id: "finding" });

const note = z.strictObject({ subject: z.string(), message: z.string(), at: place });

const headroom = z.strictObject({
  org: z.string().nullable().describe("null: the whole estate"),
  kind: kind.nullable(),
  removals: count,
  of: count,
  limit: z.number().min(0).describe("A share from 0 to 1"),
});

const namedKey = z.strictObject({ org: z.string(), name: z.string() });

const keys = z.strictObject({
  unminted: z
    .array(namedKey.extend({ command: z.string().describe("What mints it, once this is applied") }))
    .describe("Declared and not minted"),
  ceasing: z
    .array(namedKey)
    .describe("Minted, and with this plan declared no more, or over: these cease to work"),
  resuming: z
    .array(namedKey)
    .describe("Minted before, and with this plan declared again, or over no more: these work again"),
});

const looked = z.strictObject({
  orgs: count.describe("Orgs of which every row was read"),
  because: z.strictObject({ source: count, rows: count, due: count, catalog: count, refresh: count }),
  unmanagedSections: count.describe("Sections of these orgs that no manifest writes"),
  dueElsewhere: count.describe("Orgs not looked at in which something lapses or begins within 30 days"),
});

const provenance = z
  .strictObject({
    commit: z.string().nullable(),
    title: z.string().nullable().describe("The first line of the commit's message"),
    actor: z.string(),
    isDirty: z.boolean().describe("The manifests differ from the commit"),
  })
  .nullable();

const summary = z.strictObject({
  changes: count.describe("Resources as the text shows them: a member with its roles is one"),
  fromGit: count,
  drift: count,
  orgs: count.describe("Orgs with changes"),
  blocked: count,
  allowed: count,
  create: count.describe("Rows, as listed in changes"),
  update: count,
  delete: count,
});

/** What `plan --json` prints. Later versions may add fields; none is taken away or changes its meaning. */
export const planSchema = z
  .strictObject({
    format: z.literal("tenantry/plan/v1"),
    now: time.describe("The point in time that everything was decided for"),
    estate: z.string().describe("What was compared with what"),
    epoch: z.string().describe("Names the database's history"),
    revision: count.describe("What the plan was made from; after an apply what it made"),
    provenance,
    orgs: count.describe("How many orgs the manifests declare"),
    summary,
    findings: z.array(finding).describe("What stops it"),
    allowed: z.array(finding).describe("What would have stopped it, and was let pass by name"),
    notes: z.array(note),
    changes: z.array(change).describe("The catalog's first, then the orgs' by slug"),
    impact: impactSchema.nullable().describe("What it decides for people"),
    keys: keys
      .nullable()
      .describe("What becomes of API keys; null where there is nothing to say, or nobody looked"),
    headroom: z.array(headroom).describe("How near each brake is"),
    looked,
    undo: z.string().nullable().describe("The command that takes it back, once it is applied"),
    applied: z.boolean().optional().describe("Printed by apply: whether it was"),
    applyId: z.string().optional().describe("Printed by apply: the name by which it can be asked about"),
  })
  .meta({ title: "A plan of tenantry" });
