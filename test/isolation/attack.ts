import pg from "pg";
import type { Database } from "../../src/database/connect.ts";
import type { Random } from "../bench/random.ts";
import { attempt } from "./attempt.ts";
import type { WorkingRole } from "./granted.ts";
import { aimed, type HostileForm, suits } from "./hostile-form.ts";
import { type Case, judge } from "./judge.ts";
import { qualified, type Relation } from "./relations.ts";
import type { TenantSetting } from "./settings.ts";
import { noteVerdict, type Tally } from "./tally.ts";
import { type Tenant, type TwoTenants, tenants } from "./two-tenants.ts";

/** What an attack is made on, and how it names things. */
export interface Battlefield {
  readonly database: Database;
  readonly two: TwoTenants;
  readonly functions: readonly string[];
  readonly superuser: string;
  readonly random: Random;
}

/** Statements for one transaction. */
export interface Batch {
  readonly setting: TenantSetting;
  readonly own: Tenant;
  readonly aims: readonly Aim[];
}

export interface Aim {
  readonly form: HostileForm;
  readonly relation: Relation;
}

/** Every form at everything that it suits. */
export function aimsOf(forms: readonly HostileForm[], relations: readonly Relation[]): Aim[] {
  return forms.flatMap((form) =>
    relations.filter((relation) => suits(form, relation)).map((relation) => ({ form, relation })),
  );
}

/**
 * Every aim under every setting of both tenants, over and over: dealt out in such an order that a short attack has a
 * share of all of them.
 */
export function* deal(
  aims: readonly Aim[],
  settings: readonly TenantSetting[],
  random: Random,
): Generator<Batch> {
  const size = 250;
  for (;;) {
    const hands = settings.flatMap((setting) =>
      tenants.map((own) => ({ setting, own, shuffled: shuffle(aims, random) })),
    );
    for (let start = 0; start < aims.length; start += size) {
      for (const { shuffled, ...hand } of hands) yield { ...hand, aims: shuffled.slice(start, start + size) };
    }
  }
}

/** Runs a batch in one transaction as the role; every statement begins where the setting left it. */
export async function runBatch(
  client: pg.ClientBase,
  { role, as }: { readonly role: WorkingRole; readonly as: string },
  batch: Batch,
  { field, tally }: { readonly field: Battlefield; readonly tally: Tally },
): Promise<void> {
  const { setting, own } = batch;
  const names = namesOfOrgs(field, own, as);
  for (const message of setting.before) await attempt(client, aimed(message, names));
  const begun = await attempt(client, aimed(`begin; :as; ${setting.begin}; savepoint clean`, names));
  if (begun.error) throw new Error(`"${setting.name}" cannot begin: ${begun.error.text}`);
  const sees = setting.sees === "own" ? own : setting.sees === "other" ? otherThan(own) : null;
  // What is asked for is always what must not be seen.
  const asker = sees ?? own;
  for (const aim of batch.aims) {
    const sql = aimed(aim.form.sql, { ...names, ...namesFor(field, aim, asker, role) });
    const tried: Case = { ...aim, role, sql, sees, isGarbled: setting.isGarbled ?? false };
    const outcome = await attempt(client, `rollback to clean; ${sql}`);
    noteVerdict(tally, tried, setting.name, judge(tried, outcome, field.two), outcome);
  }
  await attempt(client, "rollback");
  await attempt(client, "discard all");
}

/** Runs one statement that begins and ends its transactions itself. */
export async function runSession(
  client: pg.ClientBase,
  { role, as }: { readonly role: WorkingRole; readonly as: string },
  { aim, own }: { readonly aim: Aim; readonly own: Tenant },
  { field, tally }: { readonly field: Battlefield; readonly tally: Tally },
): Promise<void> {
  const names = { ...namesOfOrgs(field, own, as), ...namesFor(field, aim, own, role) };
  const say = (org: string) => `begin; ${as}; set local tenantry.org_id = '${org}'`;
  const sessions = {
    enter: say(field.two.ids[own]),
    cross: say(field.two.ids[otherThan(own)]),
    leave: `begin; ${as}`,
  };
  const sql = aimed(aim.form.sql, { ...names, ...sessions });
  const tried: Case = { ...aim, role, sql, sees: own, isGarbled: false };
  const outcome = await attempt(client, sql);
  noteVerdict(tally, tried, "over transactions", judge(tried, outcome, field.two), outcome);
  await attempt(client, "rollback");
  await attempt(client, "discard all");
}

function otherThan(own: Tenant): Tenant {
  return own === "acme" ? "globex" : "acme";
}

function namesOfOrgs({ two }: Battlefield, own: Tenant, as: string) {
  const other = otherThan(own);
  return {
    as,
    own_id: two.ids[own],
    other_id: two.ids[other],
    own: `'${two.ids[own]}'`,
    other: `'${two.ids[other]}'`,
    // With wildcards, so that no message that repeats the statement holds the canary.
    hint: `'%zq_${other}_%'`,
  };
}

function namesFor(field: Battlefield, { relation }: Aim, own: Tenant, role: WorkingRole) {
  const { database, two, functions, superuser, random } = field;
  const pick = <T>(from: readonly T[]) => random.pick(from as [T, ...T[]]);
  const others = two.relations.filter(({ hasOrg, kind }) => hasOrg && kind === "table");
  const roleNamed = (name: string) => pg.escapeIdentifier(database.rolePrefix + name);
  const elsewhere = pick(["owner", "apply", "runtime", "app"].filter((name) => name !== role));
  return {
    ...namesOfOrgs(field, own, ""),
    schema: database.schema,
    schema_name: pg.escapeLiteral(database.schema),
    t: qualified(database, relation.name),
    t_name: pg.escapeLiteral(relation.name),
    u: qualified(database, pick(others).name),
    c: pg.escapeIdentifier(pick(relation.columns).name),
    function: pick(functions),
    superuser: pg.escapeIdentifier(superuser),
    role_owner: roleNamed("owner"),
    role_elsewhere: roleNamed(elsewhere),
    role_elsewhere_name: database.rolePrefix + elsewhere,
  };
}

function shuffle<T>(from: readonly T[], random: Random): T[] {
  const shuffled = [...from];
  for (let last = shuffled.length - 1; last > 0; last--) {
    const index = random.between(0, last);
    [shuffled[last], shuffled[index]] = [shuffled[index] as T, shuffled[last] as T];
  }
  return shuffled;
}
