import { beforeEach, expect, it } from "vitest";
import type { Database } from "../../src/database/connect.ts";
import { findOrgEver, readTimeline } from "../../src/database/read-timeline.ts";
import { planSince } from "../../src/reconcile/plan-since.ts";
import { transactionsOf } from "../../src/reconcile/transactions-of.ts";
import { auditText } from "../../src/view/audit-text.ts";
import { acme, apply, catalog, estate, globex, whole } from "../database/whole-estate.ts";
import { eachEngine } from "../engines.ts";

eachEngine("the audit of an org", (open) => {
  let database: Database;
  beforeEach(async () => {
    database = await open();
    await apply(database, whole, { actor: "dora" });
  });

  const byHand = (statement: string) => database.pool.query(statement);
  const text = async (org: string) => {
    const events = await readTimeline(database, { org, limit: 1_000 });
    return auditText(transactionsOf(events), { subject: org, limit: null }, { colour: false, width: 100 });
  };

  it("tells of writers by hand, and of each row what a transaction came to", async () => {
    await byHand(`
      begin;
      select set_config('tenantry.actor', 'ana', true);
      update tenantry.security set require_mfa = false;
      update tenantry.security set allow_user_key_override = true, require_mfa = true;
      delete from tenantry.binding where team_id is not null;
      update tenantry.trace set mode = 'all';
      update tenantry.trace set mode = 'sampled';
      commit`);
    const [, first = ""] = (await text("acme")).split("\n\n");
    expect(first.replace(/^\S+ \S+/, "")).toBe(
      [
        "  by hand: tenantry, role postgres, for ana",
        "  ~ security      allow_user_key_override  no → yes",
        "  ~ team/release  roles  - editor in web/live",
      ]
        .join("\n")
        .replace("no → yes", "false → true"),
    );
  });

  it("finds an org by an earlier slug, and one that is gone", async () => {
    await byHand("update tenantry.org set slug = 'hooli' where slug = 'globex'");
    expect(await text("globex")).toContain("  ~ org  slug  globex → hooli");
    expect(await text("hooli")).toBe((await text("globex")).replace(/^globex/, "hooli"));
    await byHand(
      "delete from tenantry.binding; delete from tenantry.member where key = 'ana@acme.example' and org_id in (select org_id from tenantry.org where slug = 'hooli'); delete from tenantry.org where slug = 'hooli'",
    );
    expect(await text("hooli")).toContain("  - org");
    expect(await text("globex")).toContain("  - member/ana@acme.example");
    // Who has a name now goes before who had it.
    await apply(database, estate(catalog, { acme, hooli: { ...globex, org: [{ slug: "hooli" }] } }));
    expect(await text("hooli")).not.toContain("  - org");
    expect((await findOrgEver(database, "globex")).orgId).not.toBeNull();
    expect(await findOrgEver(database, "acmee")).toEqual({
      orgId: null,
      slugs: expect.arrayContaining(["acme", "globex"]),
    });
  });

  it("keeps what several wrote since a revision apart", async () => {
    await byHand("update tenantry.trace set mode = 'all'");
    await apply(
      database,
      estate(catalog, { acme: { ...acme, banner: [], trace: [{ mode: "all" }] }, globex }),
      { actor: "ana" },
    );
    const since = await planSince(database, 1, "2026-11-21T09:00:00Z");
    const told = since?.byWriter.map(({ scope, by }) => [
      by?.revision,
      by?.login,
      scope.changes.map(({ kind }) => kind),
    ]);
    expect(told).toEqual(expect.arrayContaining([[2, "postgres", expect.arrayContaining(["banner"])]]));
    expect(since?.revision).toBe(2);
  });
});
