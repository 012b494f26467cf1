import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { beforeEach, expect, it } from "vitest";
import type { Database } from "../../src/database/connect.ts";
import { readActual } from "../../src/database/read-actual.ts";
import { writePlan } from "../../src/database/write-plan.ts";
import type { ActualScope, ActualState } from "../../src/model/state.ts";
import { byCodeUnit } from "../../src/model/value.ts";
import { planRevert } from "../../src/reconcile/plan-revert.ts";
import { acme, apply, catalog, estate, globex, whole } from "../database/whole-estate.ts";
import { eachEngine, emptied } from "../engines.ts";

const changed = estate(
  { ...catalog, flag: catalog.flag?.slice(0, 1) ?? [], product: [{ name: "platform", position: 3 }] },
  {
    acme: {
      ...acme,
      banner: [],
      member: [{ key: "ana@acme.example", email: "ana@acme.example", status: "suspended" }],
      binding: [{ member: "ana@acme.example", catalog_role: "editor" }],
      flag_override: [{ flag: "checkout", workspace: "ops", value: "b" }],
    },
    globex,
    hooli: { ...globex, org: [{ slug: "hooli" }] },
  },
);

eachEngine("reverting", (open, engine) => {
  let database: Database;
  beforeEach(async () => {
    database = await open();
  });

  const byHand = async (statement: string) => (await database.pool.query(statement)).rows;

  async function plan(revision: number) {
    const made = await planRevert(database, revision, new Date("2026-11-21T09:00:00Z"));
    if (!made) throw new Error(`no revision ${revision}`);
    return made.plan;
  }

  async function revert(revision: number): Promise<void> {
    const made = await plan(revision);
    // An org that was new goes again, and stops it until it is let pass by name.
    expect(made.findings.filter(({ code }) => code !== "purge")).toEqual([]);
    await writePlan(database, made, { applyId: randomUUID(), actor: "tester" });
  }

  it("brings everything back as it was: ids, origin, ledger, references", async () => {
    await apply(database, whole);
    await byHand("update tenantry.member set origin = 'invitation' where user_id = 'user_2'");
    await byHand("update tenantry.banner set managed = '{message}'");
    const before = await readActual(database);
    await apply(database, changed);
    await revert(2);
    expect(rowsOf(await readActual(database))).toEqual(rowsOf(before));
    await revert(3);
    expect((await readActual(database)).orgs.map(({ org }) => org)).toEqual(["acme", "globex", "hooli"]);
  });

  it("takes any estate back from any other", async () => {
    const estates = [
      whole,
      changed,
      estate(catalog, { acme: { org: acme.org ?? [], workspace: acme.workspace ?? [] } }),
    ];
    const one = fc.nat(estates.length - 1);
    await fc.assert(
      fc.asyncProperty(one, one, async (first, second) => {
        await emptied(database);
        await apply(database, estates[first] ?? whole);
        const before = await readActual(database);
        const { revision } = await apply(database, estates[second] ?? whole);
        if (revision === 1) return;
        await revert(revision);
        expect(rowsOf(await readActual(database))).toEqual(rowsOf(before));
      }),
      { numRuns: engine === "pglite" ? 4 : 9 },
    );
  }, 60_000);

  it("leaves what others did to other rows and fields since", async () => {
    await apply(database, whole);
    await apply(database, estate(catalog, { acme: { ...acme, security: [{ require_mfa: false }] }, globex }));
    await byHand("update tenantry.security set allow_user_key_override = true");
    await byHand("update tenantry.org set name = 'By hand' where slug = 'acme'");
    const { scopes } = await plan(2);
    expect(scopes).toMatchObject([
      {
        org: "acme",
        changes: [{ kind: "security", fields: [{ field: "require_mfa", before: false, after: true }] }],
      },
    ]);
    await revert(2);
    expect(await byHand("select require_mfa, allow_user_key_override from tenantry.security")).toEqual([
      { require_mfa: true, allow_user_key_override: true },
    ]);
  });

  it.each([
    [
      "a field that was changed since",
      "update tenantry.trace set mode = 'all'",
      "acme/trace",
      /changed since.*: mode/,
    ],
    ["a row that was deleted since", "delete from tenantry.trace", "acme/trace", /deleted since/],
    [
      "a new row that was changed since",
      "update tenantry.webhook set enabled = false where name = 'new'",
      "acme/webhook/new",
      /changed since.*: enabled/,
    ],
    [
      "a row that came back since",
      "insert into tenantry.banner select (before_row).* from (select jsonb_populate_record(null::tenantry.banner, before || '{\"message\": \"again\"}') as before_row from tenantry.audit where kind = 'banner' and action = 'delete') gone",
      "acme/banner",
      /made again since/,
    ],
  ])("stops at %s", async (_, statement, subject, message) => {
    await apply(database, whole);
    const webhook = [...(acme.webhook ?? []), { name: "new", url: "https://acme.example" }];
    await apply(
      database,
      estate(catalog, { acme: { ...acme, webhook, trace: [{ mode: "none" }], banner: [] }, globex }),
    );
    await byHand(statement);
    const { findings } = await plan(2);
    expect(findings).toMatchObject([
      {
        code: "revert-conflict",
        subject,
        message: expect.stringMatching(message),
        help: expect.stringContaining(`--allow revert-conflict:${subject}`),
        canPass: true,
      },
    ]);
  });

  it.each([
    [
      "a new row that is referred to since",
      "insert into tenantry.binding (org_id, member_id, role_id) select m.org_id, m.id, r.id from tenantry.member m join tenantry.role r using (org_id) where r.name = 'new' limit 1",
      "acme/role/new",
    ],
    [
      "a name that another has since",
      "insert into tenantry.api_key (org_id, name) select org_id, 'ci' from tenantry.org where slug = 'acme'",
      "acme/api_key/ci",
    ],
  ])("cannot pass %s", async (_, statement, subject) => {
    await apply(database, whole);
    const role = [...(acme.role ?? []), { name: "new" }];
    await apply(database, estate(catalog, { acme: { ...acme, role, api_key: [] }, globex }));
    await byHand(statement);
    const { findings } = await plan(2);
    expect(findings).toMatchObject([{ subject, canPass: false }]);
  });

  it("cannot bring back what refers to rows that are gone, nor leave an org's rows behind", async () => {
    await apply(database, estate(catalog, { acme }));
    await apply(database, estate(catalog, { acme: { ...acme, team_member: [] }, globex }));
    await byHand("delete from tenantry.binding; delete from tenantry.member where email ilike 'ana@%'");
    await byHand(
      "insert into tenantry.webhook (org_id, name) select org_id, 'x' from tenantry.org where slug = 'globex'",
    );
    const { findings } = await plan(2);
    expect(findings.filter(({ canPass }) => !canPass)).toMatchObject([
      {
        code: "still-used",
        subject: expect.stringMatching(/^acme.team_member.release:/),
        message: "Its member is not there any more.",
      },
      { code: "still-used", subject: "globex", message: expect.stringContaining("1 of its rows") },
    ]);
  });

  it("knows of no revision that there never was", async () => {
    await apply(database, whole);
    expect(await planRevert(database, 2, new Date())).toBeNull();
  });
});

function rowsOf({ catalog, orgs }: ActualState) {
  const rows = ({ org, orgId, rows }: ActualScope) => ({
    org,
    orgId,
    rows: Object.fromEntries(
      [...rows]
        .filter(([, all]) => all.length > 0)
        .map(([kind, all]) => [kind, [...all].sort((a, b) => byCodeUnit(a.id, b.id))] as const),
    ),
  });
  return [catalog, ...orgs].map(rows);
}
