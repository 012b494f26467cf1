import * as fc from "fast-check";
import { catalogId } from "../../src/model/state.ts";
import type { Change, Finding, Plan, ScopePlan } from "../../src/plan/plan.ts";

/** What people write who mean no harm, and others. */
export const anyText = fc.oneof(
  { weight: 4, arbitrary: fc.string({ unit: "grapheme", maxLength: 40 }) },
  {
    weight: 4,
    arbitrary: fc.constantFrom(
      "@dora",
      "```",
      "~~~",
      "`",
      "``` js",
      "</details>",
      "<details><summary>",
      "<script>alert(1)</script>",
      "-->",
      "<!--",
      "![x](https://evil.example/x.png)",
      "[click](https://evil.example)",
      "a | b",
      "line\nfeed",
      "\r\n```\r\n",
      "\n</details>\n\n@everyone",
      "\u2028@dora",
      "# head",
      "- item",
      "\u202eevil",
      "\ud83d",
      "漢字かな",
      "#123",
      "&lt;b&gt;",
      "",
      " ",
    ),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.constantFrom("`", "@dora ", "```\n", "ä", "漢", "word. ", "x"), fc.nat(8_000))
      .map(([text, times]) => text.repeat(times)),
  },
);

const anyWriter = fc.record({
  login: anyText,
  application: fc.option(anyText),
  actor: fc.option(anyText),
  at: fc.constant("2026-11-20T14:02:31Z"),
});

const anyDrift = fc.option(fc.record({ applied: anyText, by: anyWriter }));

const anyPath = fc.option(fc.array(anyText, { maxLength: 2 }));

const kind = fc.constantFrom("member" as const, "role" as const, "banner" as const, "flag" as const);

const about = { kind, id: fc.uuid(), key: anyText, path: anyPath };

const part = {
  kind: fc.constant("binding" as const),
  id: fc.uuid(),
  key: anyText,
  path: anyPath,
  partOf: fc.record({ kind: fc.constant("member" as const), key: anyText }),
};

const anyFields = fc.record({
  name: anyText,
  description: anyText,
  message: anyText,
  metadata: fc.dictionary(anyText, anyText, { maxKeys: 3 }),
});

const anyChange: fc.Arbitrary<Change> = fc.oneof(
  fc.record({
    action: fc.constant("create" as const),
    ...about,
    partOf: fc.constant(null),
    drift: fc.option(anyWriter),
    after: anyFields,
    managed: fc.constant(["name", "description", "message"]),
  }),
  fc.record({
    action: fc.constant("delete" as const),
    ...about,
    partOf: fc.constant(null),
    drift: fc.option(anyWriter),
    before: anyFields,
  }),
  fc.record({
    action: fc.constant("update" as const),
    ...about,
    partOf: fc.constant(null),
    fields: fc.array(fc.record({ field: anyText, before: anyText, after: anyText, drift: anyDrift }), {
      maxLength: 3,
    }),
    managedBefore: fc.option(fc.constant(["name"])),
    managed: fc.option(fc.constant(["name"])),
  }),
  fc.record({
    action: fc.constant("create" as const),
    ...part,
    drift: fc.option(anyWriter),
    after: fc.record({ catalog_role: anyText, workspace: fc.option(anyText) }),
    managed: fc.constant(["member"]),
  }),
);

const anyScope: fc.Arbitrary<ScopePlan> = fc.record({
  org: anyText,
  orgId: fc.uuid(),
  ids: fc.constant(new Map()),
  changes: fc.array(anyChange, { minLength: 1, maxLength: 6 }),
});

const anyFinding: fc.Arbitrary<Finding> = fc.record({
  code: fc.constantFrom("max-removals" as const, "over-limit" as const),
  subject: anyText,
  message: anyText,
  help: anyText,
  canPass: fc.boolean(),
  at: fc.option(fc.record({ org: fc.option(anyText), path: fc.array(anyText, { maxLength: 2 }) })),
});

/** Any plan at all. */
export const anyPlan: fc.Arbitrary<Plan> = fc.record({
  kind: fc.constant("plan" as const),
  now: fc.constant("2026-11-23T09:02:11Z"),
  base: fc.record({ epoch: fc.uuid(), revision: fc.nat(), counters: fc.constant(new Map()) }),
  catalogIds: fc.constant(new Map()),
  scopes: fc
    .tuple(fc.option(anyScope), fc.array(anyScope, { maxLength: 12 }))
    .map(([catalog, orgs]) => (catalog ? [{ ...catalog, org: null, orgId: catalogId }, ...orgs] : orgs)),
  findings: fc.array(anyFinding, { maxLength: 6 }),
  allowed: fc.array(anyFinding, { maxLength: 2 }),
  notes: fc.array(
    fc.record({
      subject: anyText,
      message: anyText,
      at: fc.option(fc.record({ org: fc.option(anyText), path: fc.array(anyText, { maxLength: 2 }) })),
    }),
    { maxLength: 3 },
  ),
  headroom: fc.array(
    fc.record({
      org: fc.option(anyText),
      kind: fc.option(kind),
      removals: fc.nat(100),
      of: fc.nat(1_000),
      limit: fc.constant(0.25),
    }),
    { maxLength: 8 },
  ),
  orgCount: fc.nat(10_000),
  looked: fc.record({
    orgs: fc.nat(10_000),
    because: fc.record({
      source: fc.nat(3),
      rows: fc.nat(3),
      due: fc.nat(3),
      catalog: fc.nat(3),
      refresh: fc.nat(3),
    }),
    unmanagedSections: fc.nat(5),
    dueElsewhere: fc.nat(5),
  }),
  baselines: fc.constant([]),
});

/** Where things are declared, by users' names for files. */
export const anyPlaces = fc
  .record({ place: fc.option(anyText), was: fc.option(anyText) })
  .map(({ place, was }) => ({
    declaredAt: () => place,
    wasDeclaredAt: () => was,
  }));

export const anyAbout = fc.record({
  estate: anyText,
  provenance: fc.option(
    fc.record({
      commit: fc.option(anyText),
      title: fc.option(anyText),
      actor: anyText,
      isDirty: fc.boolean(),
    }),
  ),
});
