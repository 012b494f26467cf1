import { randomUUID } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import type { Database } from "../../src/database/connect.ts";
import { PlanStale } from "../../src/database/database-error.ts";
import { writePlan } from "../../src/database/write-plan.ts";
import type { Plan } from "../../src/plan/plan.ts";
import { planRevert } from "../../src/reconcile/plan-revert.ts";
import { reviewEstate } from "../../src/reconcile/review-estate.ts";
import { readSavedPlan, savePlan } from "../../src/reconcile/saved-plan.ts";
import { eachEngine, emptied } from "../engines.ts";
import {
  addressOf,
  appliedTo,
  applyDelta,
  type Delta,
  deltaOf,
  firstManifests,
  type Manifests,
  manifestFiles,
  type Org,
  orgs,
  type Person,
  people,
  type Rows,
  roles,
} from "./model-estate.ts";

const root = mkdtempSync(join(tmpdir(), "tenantry-model-"));
const now = new Date("2026-11-20T09:00:00Z");
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** What should be, kept beside what is. */
interface Model {
  manifests: Manifests;
  rows: Rows;
  revision: number;
  /** How often each row was written, by whomever. */
  readonly writes: Map<string, number>;
  readonly orgWrites: Map<string, number>;
  saved: SavedModel | null;
  last: {
    readonly revision: number;
    readonly delta: Delta;
    readonly writes: ReadonlyMap<string, number>;
  } | null;
}

interface SavedModel {
  readonly delta: Delta;
  readonly writes: ReadonlyMap<string, number>;
  readonly orgWrites: ReadonlyMap<string, number>;
  used: boolean;
}

interface Real {
  readonly database: Database;
  readonly dir: string;
  readonly file: string;
}

type Command = fc.AsyncCommand<Model, Real>;

function note(model: Model, names: Iterable<string>): void {
  for (const name of names) {
    model.writes.set(name, (model.writes.get(name) ?? 0) + 1);
    const org = name.split(" ")[0] ?? "";
    model.orgWrites.set(org, (model.orgWrites.get(org) ?? 0) + 1);
  }
}

function write({ dir }: Real, manifests: Manifests): void {
  for (const { path, text } of manifestFiles(manifests)) {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), text);
  }
}

async function planOf({ database, dir }: Real, refresh = false): Promise<Plan> {
  const reviewed = await reviewEstate(database, { dir, now, refresh });
  expect(reviewed.diagnostics).toEqual([]);
  if (!reviewed.plan) throw new Error("The manifests are faulty.");
  expect(reviewed.plan.findings).toEqual([]);
  return reviewed.plan;
}

const rowKinds = new Map([
  ["org", (key: string) => `org${key}`],
  ["member", (key: string) => `member ${person(key)}`],
  ["binding", (key: string) => `binding ${person(key)} ${key.split(":")[1]}`],
  ["flag_override", () => "flag"],
]);

function person(key: string): string {
  return key.split("@")[0] ?? "";
}

/** The rows that a plan changes, as the model names them; the catalog's are always the same. */
function namesOf({ scopes }: Plan): string[] {
  return scopes
    .filter(({ org }) => org !== null)
    .flatMap(({ org, changes }) =>
      changes.map(({ kind, key, action }) => `${action} ${org} ${rowKinds.get(kind)?.(key) ?? kind}`),
    )
    .sort();
}

function namesOfDelta(delta: Delta): string[] {
  return [...delta]
    .map(([name, { before, after }]) => {
      const action = before === null ? "create" : after === null ? "delete" : "update";
      return `${action} ${name}`;
    })
    .sort();
}

/** What the database holds, row by row. */
async function readRows({ database }: Real): Promise<Rows> {
  const { rows } = await database.pool.query<{ name: string; value: string }>(`
    select slug || ' org' as name, name as value from tenantry.org
    union all
    select o.slug || ' member ' || split_part(m.key, '@', 1), m.status || case when m.managed is null then ' foreign' else ' owned' end
    from tenantry.member m join tenantry.org o using (org_id)
    union all
    select o.slug || ' binding ' || split_part(m.key, '@', 1) || ' ' || r.name, 'owned'
    from tenantry.binding b join tenantry.org o using (org_id) join tenantry.catalog_role r on r.id = b.catalog_role_id
      join tenantry.member m on m.org_id = b.org_id and m.id = b.member_id
    union all
    select o.slug || ' flag', f.value #>> '{}' from tenantry.flag_override f join tenantry.org o using (org_id)`);
  return new Map(rows.map(({ name, value }) => [name, value]));
}

async function check(model: Model, real: Real): Promise<void> {
  expect(sorted(await readRows(real))).toEqual(sorted(model.rows));
  const { rows } = await real.database.pool.query("select revision::int from tenantry.estate");
  expect(rows[0].revision).toBe(model.revision);
}

function sorted(rows: Rows): [string, string][] {
  return [...rows].sort(([a], [b]) => (a < b ? -1 : 1));
}

function done(model: Model, delta: Delta, revision: number): void {
  applyDelta(model.rows, delta);
  note(model, delta.keys());
  model.revision += 1;
  expect(revision).toBe(model.revision);
  model.last = { revision, delta, writes: new Map(model.writes) };
}

function command(name: string, run: Command["run"], isPossible: Command["check"] = () => true): Command {
  return { check: isPossible, run, toString: () => name };
}

const editManifest = fc
  .record({
    org: fc.constantFrom(...orgs),
    what: fc.oneof(
      fc.record({ person: fc.constantFrom(...people), held: fc.subarray([...roles]) }),
      fc.record({ gone: fc.constantFrom(...people) }),
      fc.record({ name: fc.constantFrom("First", "Second", "Third") }),
      fc.record({ flag: fc.constantFrom(true, false, null) }),
    ),
  })
  .map(({ org, what }) =>
    command(`edit ${org} ${JSON.stringify(what)}`, async (model, real) => {
      const declared = model.manifests[org];
      if ("person" in what) declared.members.set(what.person, what.held);
      else if ("gone" in what) declared.members.delete(what.gone);
      else if ("name" in what) declared.name = what.name;
      else declared.flag = what.flag;
      write(real, model.manifests);
    }),
  );

const ofOrg = "org_id = (select org_id from tenantry.org where slug = $1)";

type ByHand = (
  model: Model,
  org: Org,
  who: Person,
) => { readonly sql: readonly string[]; readonly rows: Delta };

const byHand: Readonly<Record<string, ByHand>> = {
  rename: (model, org) => ({
    sql: ["update tenantry.org set name = 'By hand' where slug = $1 and $2 <> ''"],
    rows: one(model, `${org} org`, "By hand"),
  }),
  suspend: (model, org, who) => {
    const now = model.rows.get(`${org} member ${who}`);
    return {
      sql: [`update tenantry.member set status = 'suspended' where ${ofOrg} and key = $2`],
      rows: one(model, `${org} member ${who}`, now ? `suspended ${now.split(" ")[1]}` : null),
    };
  },
  remove: (model, org, who) => ({
    sql: [
      `delete from tenantry.binding where ${ofOrg} and member_id = (select id from tenantry.member where ${ofOrg} and key = $2)`,
      `delete from tenantry.member where ${ofOrg} and key = $2`,
    ],
    rows: new Map(
      [`${org} member ${who}`, ...roles.map((role) => `${org} binding ${who} ${role}`)].flatMap((name) => [
        ...one(model, name, null),
      ]),
    ),
  }),
  add: (model, org, who) => {
    const name = `${org} member ${who}`;
    return {
      sql: [
        `insert into tenantry.member (org_id, key, email) select org_id, $2, $2 from tenantry.org o where slug = $1
         and not exists (select from tenantry.member m where m.org_id = o.org_id and m.key = $2)`,
      ],
      rows: one(model, name, model.rows.get(name) ?? "active foreign"),
    };
  },
};

function one(model: Model, name: string, after: string | null): Delta {
  return deltaOf(
    new Map([...model.rows].filter(([each]) => each === name)),
    new Map(after === null ? [] : [[name, after]]),
  );
}

const editByHand = fc
  .record({
    what: fc.constantFrom(...Object.keys(byHand)),
    org: fc.constantFrom(...orgs),
    who: fc.constantFrom(...people),
  })
  .map(({ what, org, who }) =>
    command(`by hand: ${what} ${org} ${who}`, async (model, real) => {
      const { sql, rows } = (byHand[what] as ByHand)(model, org, who);
      const client = await real.database.pool.connect();
      try {
        await client.query("begin");
        for (const text of sql) await client.query(text, [org, addressOf(who)]);
        await client.query("commit");
      } finally {
        client.release();
      }
      applyDelta(model.rows, rows);
      note(model, rows.keys());
      await check(model, real);
    }),
  );

const plan = fc.constant(
  command("plan", async (model, real) => {
    const foretold = deltaOf(model.rows, appliedTo(model.rows, model.manifests));
    const plain = namesOf(await planOf(real));
    expect(plain).toEqual(namesOfDelta(foretold));
    expect(namesOf(await planOf(real, true))).toEqual(plain);
  }),
);

const apply = fc.constant(
  command("apply", async (model, real) => {
    const made = await planOf(real);
    const delta = deltaOf(model.rows, appliedTo(model.rows, model.manifests));
    expect(namesOf(made)).toEqual(namesOfDelta(delta));
    const { revision } = await writePlan(real.database, made, { applyId: randomUUID(), actor: "model" });
    if (delta.size > 0) done(model, delta, revision);
    await check(model, real);
    const left = await planOf(real);
    expect(left).toMatchObject({ scopes: [], looked: { orgs: 0 } });
  }),
);

const save = fc.constant(
  command("save", async (model, real) => {
    const made = await planOf(real);
    await savePlan(real.file, {
      plan: made,
      impact: null,
      about: {},
      places: { declaredAt: () => null },
      tool: "test",
    } as unknown as Parameters<typeof savePlan>[1]);
    model.saved = {
      delta: deltaOf(model.rows, appliedTo(model.rows, model.manifests)),
      writes: new Map(model.writes),
      orgWrites: new Map(model.orgWrites),
      used: false,
    };
  }),
);

const applySaved = fc.constant(
  command(
    "apply the saved plan",
    async (model, real) => {
      const saved = model.saved as SavedModel;
      const { plan: made, applyId } = await readSavedPlan(real.file);
      const isTouched = [...saved.delta.keys()].some(
        (name) => model.writes.get(name) !== saved.writes.get(name),
      );
      const isNear = [...saved.delta.keys()].some((name) => {
        const org = name.split(" ")[0] ?? "";
        return model.orgWrites.get(org) !== saved.orgWrites.get(org);
      });
      try {
        const outcome = await writePlan(real.database, made, { applyId, actor: "model" });
        if (saved.used) expect(outcome.earlier).not.toBe(null);
        else if (saved.delta.size > 0) {
          expect(isTouched).toBe(false);
          done(model, saved.delta, outcome.revision);
          saved.used = true;
        }
      } catch (error) {
        expect(error).toBeInstanceOf(PlanStale);
        // Refused for what it touches; or for what it counts, which is in the same org.
        expect(isTouched || isNear).toBe(true);
      }
      await check(model, real);
    },
    (model) => model.saved !== null,
  ),
);

const revert = fc.constant(
  command(
    "revert the last apply",
    async (model, real) => {
      const last = model.last as NonNullable<Model["last"]>;
      const isTouched = [...last.delta.keys()].some(
        (name) => model.writes.get(name) !== last.writes.get(name),
      );
      const undo = await planRevert(real.database, last.revision, now);
      if (!undo) throw new Error("The revision is not in the history.");
      if (undo.plan.findings.length > 0) {
        expect(isTouched).toBe(true);
        return;
      }
      const { revision } = await writePlan(real.database, undo.plan, {
        applyId: randomUUID(),
        actor: "model",
      });
      const back: Delta = new Map(
        [...last.delta].map(([name, { before, after }]) => [name, { before: after, after: before }]),
      );
      if (undo.plan.scopes.length > 0) done(model, back, revision);
      model.last = null;
      await check(model, real);
    },
    (model) => model.last !== null && model.last.revision > 1,
  ),
);

eachEngine("whatever is done, the database is what the model says", (open, engine) => {
  const runs = Number(process.env.TENANTRY_RUNS ?? (engine === "postgres" ? 1_000 : 150));
  test(`${runs} sequences`, { timeout: 600_000 }, async () => {
    const database = await open();
    let count = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.commands([editManifest, editManifest, editByHand, plan, apply, save, applySaved, revert], {
          maxCommands: 8,
          size: "max",
        }),
        async (commands) => {
          await fc.asyncModelRun(async () => {
            await emptied(database);
            const dir = join(root, `${engine}-${++count}`);
            const real = { database, dir, file: join(root, `${engine}.plan`) };
            const manifests = firstManifests();
            write(real, manifests);
            const first = await planOf(real);
            await writePlan(database, first, { applyId: randomUUID(), actor: "model" });
            const model: Model = {
              manifests,
              rows: appliedTo(new Map(), manifests),
              revision: 1,
              writes: new Map(),
              orgWrites: new Map(),
              saved: null,
              last: null,
            };
            return { model, real };
          }, commands);
          rmSync(join(root, `${engine}-${count}`), { recursive: true, force: true });
        },
      ),
      { numRuns: runs },
    );
  });
});
