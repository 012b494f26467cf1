import { beforeEach, expect, it } from "vitest";
import type { Database } from "../../src/database/connect.ts";
import { inTransaction } from "../../src/database/in-transaction.ts";
import type { Role } from "../../src/database/roles.ts";
import { noteExchange, noteRefusals } from "../../src/identity/access-events.ts";
import { revokeKeys } from "../../src/identity/revoke-key.ts";
import { rotateKey } from "../../src/identity/rotate-key.ts";
import { eachEngine } from "../engines.ts";
import { declareOrg, minted } from "./keys-of-acme.ts";

const ci = { kind: "org", org: "acme", name: "ci" } as const;

eachEngine("what the database writes down of keys", (open) => {
  let database: Database;
  let acme: string;
  beforeEach(async () => {
    database = await open();
    acme = await declareOrg(database, "acme", { ci: {} });
  });

  async function events() {
    const { rows } = await database.pool.query(
      "select org_id, key_id, key_name, event, reason, count, login, application, actor from tenantry.access_event order by id",
    );
    return rows;
  }

  const byHand = (statement: string, ...values: unknown[]) => database.pool.query(statement, values);

  it("is who made, rotated and revoked a key, and for whom", async () => {
    const first = await minted(database, "ci", "acme");
    const second = await rotateKey(database, ci, { actor: "bo", grace: 3_600_000 });
    await revokeKeys(database, ci, "ana");
    const of = { org_id: acme, key_name: "ci", login: "postgres", application: "tenantry", count: 1 };
    const secondId = "id" in second ? second.id : null;
    const found = await events();
    expect(found.slice(0, 3)).toEqual([
      { ...of, key_id: first.id, event: "created", reason: null, actor: "dora" },
      { ...of, key_id: first.id, event: "changed", reason: expect.stringMatching(/^expires 2/), actor: "bo" },
      { ...of, key_id: secondId, event: "created", reason: null, actor: "bo" },
    ]);
    expect(found.slice(3).map(({ key_id, event, actor }) => `${key_id} ${event} ${actor}`)).toEqual(
      expect.arrayContaining([`${first.id} revoked ana`, `${secondId} revoked ana`]),
    );
  });

  it("is what somebody did by hand, whatever it was", async () => {
    const digest = Buffer.alloc(32);
    await byHand("insert into tenantry.org_key (org_id, name, digest) values ($1, 'mine', $2)", acme, digest);
    await byHand("update tenantry.org_key set name = name");
    await byHand("update tenantry.org_key set name = 'other', digest = $1", Buffer.alloc(32, 1));
    await byHand("update tenantry.org_key set revoked_at = now()");
    await byHand("update tenantry.org_key set revoked_at = null");
    await byHand("delete from tenantry.org_key");
    await byHand(
      "begin; set local session_replication_role = replica; insert into tenantry.service_key (name, digest) values ('s', sha256('x')); commit",
    );
    expect((await events()).map(({ key_name, event, reason }) => [key_name, event, reason])).toEqual([
      ["mine", "created", null],
      ["other", "changed", "digest, name other"],
      ["other", "revoked", null],
      ["other", "changed", null],
      ["other", "deleted", null],
      ["s", "created", null],
    ]);
  });

  it("is that a key left one org and came to another", async () => {
    const globex = await declareOrg(database, "globex", {});
    await minted(database, "ci", "acme");
    await byHand("update tenantry.org_key set org_id = $1", globex);
    expect((await events()).slice(1).map(({ org_id, event }) => [org_id, event])).toEqual([
      [acme, "deleted"],
      [globex, "created"],
    ]);
  });

  it("outlives the org", async () => {
    await minted(database, "ci", "acme");
    await byHand("delete from tenantry.api_key");
    await byHand("delete from tenantry.org");
    expect((await events()).map(({ org_id, event }) => [org_id, event])).toEqual([
      [acme, "created"],
      [acme, "deleted"],
    ]);
  });

  it("is who was let in, and how often somebody was refused", async () => {
    const { id } = await minted(database, "ci", "acme");
    const key = { id, orgId: acme, name: "ci" };
    await noteExchange(database, key);
    await noteRefusals(database, [
      { reason: "unknown", key: null, count: 12 },
      { reason: "wrong-org", key, count: 1 },
    ]);
    await noteRefusals(database, []);
    const told = (await events()).slice(1);
    expect(
      told.map(({ org_id, key_id, event, reason, count }) => [org_id, key_id, event, reason, count]),
    ).toEqual([
      [acme, id, "exchanged", null, 1],
      [null, null, "refused", "unknown", 12],
      [acme, id, "refused", "wrong-org", 1],
    ]);
    expect(told[0]).toMatchObject({ login: "postgres", application: "tenantry" });
  });

  it.each<[string, Role, string]>([
    ["the runtime say that a key was made", "runtime", "insert into access_event (event) values ('created')"],
    [
      "the runtime say that one was revoked",
      "runtime",
      "insert into access_event (event) values ('revoked')",
    ],
    [
      "the runtime say who it is",
      "runtime",
      "insert into access_event (event, login) values ('refused', 'x')",
    ],
    ["the runtime say when", "runtime", "insert into access_event (event, at) values ('refused', now())"],
    ["the runtime take back what it said", "runtime", "delete from access_event"],
    ["the runtime say another thing", "runtime", "update access_event set reason = 'x'"],
    [
      "an apply say that somebody was let in",
      "apply",
      "insert into access_event (event) values ('exchanged')",
    ],
    ["an apply take back what was said", "apply", "delete from access_event"],
    ["an apply hide that keys changed", "apply", "update key_state set version = 0"],
    ["an apply take a key away", "apply", "delete from service_key"],
    ["an apply exchange a digest", "apply", "update org_key set digest = digest"],
    ["an apply read what signs tokens", "apply", "select from signing_key"],
    [
      "an apply make what signs tokens",
      "apply",
      "insert into signing_key values ('a', '{}', '{}', now(), now())",
    ],
    ["the runtime make a key", "runtime", "insert into service_key (name, digest) values ('x', '')"],
    ["the runtime end one", "runtime", "update org_key set revoked_at = now()"],
    ["the runtime exchange what signs tokens", "runtime", "update signing_key set private = '{}'"],
    ["the runtime take away what signs tokens", "runtime", "delete from signing_key"],
    ...["org_key", "service_key", "signing_key", "access_event", "key_state"].map(
      (table): [string, Role, string] => [`the app see ${table}`, "app", `select from ${table}`],
    ),
  ])("does not let %s", async (_, role, statement) => {
    const attempt = inTransaction(database, role, {}, (transaction) => transaction.query(statement));
    await expect(attempt).rejects.toMatchObject({ code: "42501" });
  });

  it.each(["org_key", "service_key", "signing_key", "access_event", "key_state"])(
    "does not let anybody truncate %s",
    async (table) => {
      await expect(byHand(`truncate tenantry.${table}`)).rejects.toThrow(/cannot be truncated/);
    },
  );

  it("has the keys of orgs behind row-level security, forced, with a policy for the app", async () => {
    const { rows } = await byHand(
      `select relrowsecurity and relforcerowsecurity as forced,
         (select count(*)::int from pg_policy where polrelid = c.oid and not polpermissive) as restrictive
       from pg_class c where oid = 'tenantry.org_key'::regclass`,
    );
    expect(rows).toEqual([{ forced: true, restrictive: 1 }]);
  });
});
