import { beforeEach, expect, it } from "vitest";
import type { Database } from "../../src/database/connect.ts";
import { inTransaction } from "../../src/database/in-transaction.ts";
import { descriptorOf } from "../../src/model/kinds.ts";
import { kindsInOrder } from "../../src/model/order.ts";
import { eachEngine } from "../engines.ts";
import { apply, whole } from "./whole-estate.ts";

eachEngine("the timeline", (open) => {
  let database: Database;
  let acmeId: string;
  beforeEach(async () => {
    database = await open();
    await apply(database, whole, { actor: "ana", commit: "9f3c2e1" });
    acmeId = (await byHand("select org_id from tenantry.org where slug = 'acme'"))[0].org_id;
  });

  async function byHand(statement: string, ...values: unknown[]) {
    return (await database.pool.query(statement, values)).rows;
  }

  /** As the apply role sees it. */
  async function events(where: string, ...values: unknown[]) {
    return inTransaction(database, "apply", { readOnly: true }, async (transaction) => {
      const text = `select * from timeline where org_id = $1 and ${where} order by event`;
      return (await transaction.query(text, [acmeId, ...values])).rows;
    });
  }

  it("says of each change what the row was and became, whoever made it", async () => {
    await byHand("update tenantry.security set require_mfa = false");
    await byHand("update tenantry.security set allow_user_key_override = true");
    await byHand("delete from tenantry.security");
    expect(await events("kind = 'security'")).toMatchObject([
      {
        slug: "acme",
        action: "insert",
        before: null,
        after: { require_mfa: true, allow_user_key_override: false },
        actor: "ana",
        revision: "1",
        commit: "9f3c2e1",
        counter: "1",
      },
      { action: "update", before: { require_mfa: true }, after: { require_mfa: false }, revision: null },
      {
        action: "update",
        before: { require_mfa: false, allow_user_key_override: false },
        after: { require_mfa: false, allow_user_key_override: true },
        login: "postgres",
        application: "tenantry",
        counter: "3",
      },
      { action: "delete", before: { allow_user_key_override: true }, after: null, commit: null },
    ]);
  });

  it("takes what a row became from the row itself where nothing came later", async () => {
    const [event] = await events("kind = 'member' and name = 'user_2'");
    expect(event).toMatchObject({ action: "insert", after: { key: "user_2", type: "service" } });
  });

  it("names what a row refers to, also what is gone", async () => {
    await byHand("delete from tenantry.binding; delete from tenantry.environment where slug = 'dev'");
    const named = (await events("kind = 'binding' and action = 'delete'")).map(({ names }) =>
      Object.values(names as object).sort(),
    );
    expect(named).toEqual(
      expect.arrayContaining([
        ["ana@acme.example", "owner"],
        ["editor", "release", "web/live"],
        ["document/spec", "editor", "user_2"],
      ]),
    );
    await byHand("delete from tenantry.team_member; delete from tenantry.member");
    const [gone] = await events("kind = 'team_member' and action = 'delete'");
    expect(Object.values(gone?.names as object).sort()).toEqual(["ana@acme.example", "release"]);
  });

  it("keeps the name of an org that is gone", async () => {
    for (const kind of [...kindsInOrder].reverse()) {
      if (descriptorOf(kind).tier === "org") {
        await byHand(`delete from tenantry.${kind} where org_id = $1`, acmeId);
      }
    }
    const all = await events("kind = 'org'");
    expect(all.map(({ slug, action }) => [slug, action])).toEqual([
      ["acme", "insert"],
      ["acme", "delete"],
    ]);
  });

  it("is asked without compiling the question, which takes far longer than answering it", async () => {
    const answer = await inTransaction(database, "apply", { readOnly: true }, ({ query }) =>
      query("show jit"),
    );
    expect(answer.rows).toEqual([{ jit: "off" }]);
  });

  it("is not for the app, and nobody writes to it", async () => {
    const asApp = inTransaction(database, "app", { orgId: acmeId }, (transaction) =>
      transaction.query("select from timeline"),
    );
    await expect(asApp).rejects.toThrow(/permission denied/);
    const asApply = inTransaction(database, "apply", {}, (transaction) =>
      transaction.query("delete from timeline"),
    );
    await expect(asApply).rejects.toThrow(/cannot delete|permission denied/);
  });
});
