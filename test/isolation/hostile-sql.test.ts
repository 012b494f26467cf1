import { expect, it } from "vitest";
import type { Database } from "../../src/database/connect.ts";
import { inTransaction } from "../../src/database/in-transaction.ts";
import { randomFrom } from "../bench/random.ts";
import { eachEngine } from "../engines.ts";
import { aimsOf, type Battlefield, deal, runBatch, runSession } from "./attack.ts";
import { makeAttacker } from "./attackers.ts";
import { formsOfReading } from "./forms-reading.ts";
import { formsOfBecoming, formsOfRuling } from "./forms-ruling.ts";
import { formsOfSessions } from "./forms-sessions.ts";
import { formsOfWriting } from "./forms-writing.ts";
import { tenantKinds, type WorkingRole } from "./granted.ts";
import { qualified, readFunctions, readRelations } from "./relations.ts";
import { tenantSettings } from "./settings.ts";
import { emptyTally, statementsOf, type Tally, tallyText } from "./tally.ts";
import { fillTwoTenants, tenants } from "./two-tenants.ts";

const isLong = process.env.TENANTRY_LONG === "1";
const seed = Number(process.env.TENANTRY_SEED ?? 20261121);
const everyForm = [...formsOfReading, ...formsOfWriting, ...formsOfRuling];

/** Of all statements on PostgreSQL, and of the time on PGlite: the app's has the most to find. */
const shares = { app: 0.76, apply: 0.12, runtime: 0.12 } as const;
const statements = isLong ? 1_000_000 : 200_000;
const patience = 15_000;

eachEngine("hostile SQL", (open, engine) => {
  // PGlite has no login but its superuser, who is held by no role, and ends at a COPY that it should read.
  const forms =
    engine === "postgres"
      ? [...everyForm, ...formsOfBecoming]
      : everyForm.filter(({ verb, means }) => verb !== "copy" || means === "rows");

  it(
    "shows nobody what is another's",
    async () => {
      const field = await makeBattlefield(await open());
      const tally = emptyTally();
      const started = performance.now();
      if (engine === "postgres") {
        await Promise.all([
          attackAs("app", field, tally, { statements: (statements * shares.app) / 2 }),
          attackAs("app", field, tally, { statements: (statements * shares.app) / 2 }),
          attackAs("apply", field, tally, { statements: statements * shares.apply }),
          attackAs("runtime", field, tally, { statements: statements * shares.runtime }),
        ]);
      } else {
        for (const role of ["app", "apply", "runtime"] as const) {
          await attackAs(role, field, tally, { milliseconds: patience * shares[role] });
        }
      }
      const seconds = ((performance.now() - started) / 1_000).toFixed(1);
      console.log(
        `hostile SQL on ${engine}, seed ${seed}: ${statementsOf(tally).toLocaleString("en")} statements in ${seconds} s; ${tallyText(tally)}`,
      );
      expect(tally.leaks.slice(0, 20)).toEqual([]);
      if (engine === "postgres") expect(statementsOf(tally)).toBeGreaterThanOrEqual(statements);
      // Who never sees what it may see proves nothing by what it does not see.
      expect([...(tally.seen.get("app") ?? [])]).toEqual(expect.arrayContaining([...tenantKinds]));
    },
    isLong ? 3_600_000 : 600_000,
  );

  it("finds nothing in what one transaction leaves to the next on its connection", async () => {
    const field = await makeBattlefield(await open());
    const tally = emptyTally();
    const attacker = await makeAttacker(field.database, "app");
    const aims = aimsOf(formsOfSessions, field.two.relations);
    // A transaction that is chained to another has the login's own role: on PGlite the superuser's.
    for (const aim of engine === "postgres" ? aims : aims.filter(({ form }) => form.verb !== "chained")) {
      for (const own of tenants) await runSession(attacker.client, attacker, { aim, own }, { field, tally });
    }
    await attacker.end();
    console.log(`hostile SQL on ${engine}, over transactions: ${tallyText(tally)}`);
    expect(tally.leaks.slice(0, 20)).toEqual([]);
    expect(tally.byRole.get("app")?.ownRows).toBeGreaterThan(tenantKinds.length);
  });

  it("would catch a table without its restrictive policy, whichever it is", async () => {
    const field = await makeBattlefield(await open());
    for (const kind of tenantKinds) {
      const { leaks } = await attackSabotaged(field, kind, "drop policy one_org on :t");
      expect(leaks.length, kind).toBeGreaterThan(formsOfReading.length / 4);
    }
  });

  it.each([
    ["row-level security that is off", "member", "alter table :t disable row level security"],
    ["a policy for every org", "member", "alter policy one_org on :t using (org_id is not null)"],
    ["a granted TRUNCATE", "member", "grant truncate on :t to :app"],
    ["a granted DELETE", "team_member", "grant delete on :t to :app"],
    ["a granted table that belongs to no org", "revision", "grant select on :t to :app"],
    ["a granted private key", "signing_key", "grant select on :t to :app"],
    ["columns that were granted", "service_key", "grant select (id, name, digest, created_at) on :t to :app"],
    [
      "a view with its owner's rights",
      "timeline",
      "alter view :t reset (security_invoker); grant select on :t to :app",
    ],
    ["a sequence that was granted", "audit_id_seq", "grant usage on sequence :t to :app"],
    [
      "a table that was given away",
      "banner",
      "grant create on schema tenantry to :app; alter table :t owner to :app",
    ],
  ])("would catch %s", async (_, name, sabotage) => {
    const field = await makeBattlefield(await open());
    expect((await attackSabotaged(field, name, sabotage)).leaks).not.toEqual([]);
  });

  it("lets not even the owner truncate what the books are kept of", async () => {
    const database = await open();
    // Empty to everybody but the transaction under way; and the list of migrations, which is nobody's data.
    const spared = ["books_pending", "tx_pending", "migration"];
    for (const { name, kind } of await readRelations(database)) {
      if (kind !== "table" || spared.includes(name)) continue;
      const truncating = inTransaction(database, "owner", {}, (transaction) =>
        transaction.query(`truncate ${qualified(database, name)} cascade`),
      );
      await expect(truncating, name).rejects.toMatchObject({ code: "55000" });
    }
  });

  async function makeBattlefield(database: Database): Promise<Battlefield> {
    const two = await fillTwoTenants(database);
    const { rows } = await database.pool.query<{ login: string }>("select current_user as login");
    const functions = await readFunctions(database);
    return { database, two, functions, superuser: rows[0]?.login ?? "", random: randomFrom(seed) };
  }

  async function attackAs(
    role: WorkingRole,
    field: Battlefield,
    tally: Tally,
    most: { readonly statements?: number; readonly milliseconds?: number },
  ): Promise<void> {
    const attacker = await makeAttacker(field.database, role);
    const aims = aimsOf(forms, field.two.relations);
    const end = performance.now() + (most.milliseconds ?? Number.POSITIVE_INFINITY);
    let left = most.statements ?? Number.POSITIVE_INFINITY;
    for (const batch of deal(aims, tenantSettings, field.random)) {
      if (left <= 0 || performance.now() > end) break;
      left -= batch.aims.length;
      if (batch.setting.isFirst) await attacker.renew();
      await runBatch(attacker.client, attacker, batch, { field, tally });
    }
    await attacker.end();
  }

  /** Attacks one relation as the app's role, in a transaction that a superuser began with a mistake. */
  async function attackSabotaged(field: Battlefield, name: string, sabotage: string): Promise<Tally> {
    const { database, two } = field;
    const app = `${database.rolePrefix}app`;
    const mistake = sabotage.replaceAll(":t", qualified(database, name)).replaceAll(":app", app);
    const tally = emptyTally();
    const target = two.relations.filter((relation) => relation.name === name);
    // A superuser's transaction is no place to become somebody in; and the one view is slow to read.
    const aims = aimsOf(everyForm, target).filter(({ form, relation }) =>
      relation.kind === "view" ? form.means === "none" : forms.includes(form),
    );
    const setting = tenantSettings.find((one) => one.name === "own");
    const client = await database.pool.connect();
    const as = `${mistake}; set local jit = off; set local role ${app}`;
    if (setting)
      await runBatch(client, { role: "app", as }, { setting, own: "acme", aims }, { field, tally });
    client.release();
    return tally;
  }
});
