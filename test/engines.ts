import { openAsBlob } from "node:fs";
import pg from "pg";
import { afterAll, afterEach, describe, inject } from "vitest";
import { type Database, openDatabase, overEmbedded } from "../src/database/connect.ts";
import { type Embedded, openPGlite } from "../src/database/embedded.ts";
import { kindsInOrder } from "../src/model/order.ts";
import { urlOf } from "./engines-setup.ts";

export interface OpenOptions {
  /** A database without the schema. */
  readonly empty?: boolean;
}

/**
 * Gives a test a migrated database with nothing in it; it is closed afterwards. A test has one at a time.
 * `database.pool` is a superuser's, for what somebody does by hand.
 */
export type Open = (options?: OpenOptions) => Promise<Database>;

/** The same tests on PostgreSQL and on PGlite. */
export function eachEngine(name: string, tests: (open: Open, engine: Database["engine"]) => void): void {
  describe(`${name}, on PostgreSQL`, () => tests(opening(openPostgres()), "postgres"));
  describe(`${name}, on PGlite`, () => tests(opening(openEmbedded()), "pglite"));
}

/** The URL of a database that `open` gave on PostgreSQL, for another connection to it. */
export const urls = new WeakMap<Database, string>();

/**
 * Each group of tests has one database, copied from the migrated one and emptied for each test: that is
 * quicker than another copy, and much quicker than dropping one, for which the server makes a checkpoint.
 */
function opening(connect: Open): Open {
  const opened: Database[] = [];
  const close = async () => {
    for (const database of opened.splice(0)) await database.close();
  };
  afterEach(close);
  return async (options = {}) => {
    await close();
    const database = await connect(options);
    opened.push(database);
    if (!options.empty) await database.pool.query(emptying);
    return database;
  };
}

let count = 0;

function openPostgres(): Open {
  let kept: string | undefined;
  // Whatever begins with the template's name is dropped when all tests are done.
  const create = async (from: string) => {
    const { url, template } = inject("engines");
    const name = `${template}_${process.env.VITEST_POOL_ID ?? 0}_${process.pid}_${++count}`;
    const client = new pg.Client(url);
    await client.connect();
    await client.query(`create database ${name} template ${from}`).finally(() => client.end());
    return urlOf(url, name);
  };
  return async ({ empty } = {}) => {
    const { template, rolePrefix } = inject("engines");
    if (!empty) kept ??= await create(template);
    const url = empty || !kept ? await create("template0") : kept;
    const database = await openDatabase({ url, rolePrefix });
    urls.set(database, url);
    return database;
  };
}

function openEmbedded(): Open {
  let kept: Embedded | undefined;
  afterAll(async () => {
    await kept?.close();
  });
  return async ({ empty } = {}) => {
    const { rolePrefix, pgliteData } = inject("engines");
    if (empty) return overEmbedded(await openPGlite("memory"), { rolePrefix });
    kept ??= await openPGlite("memory", undefined, await openAsBlob(pgliteData));
    return overEmbedded({ ...kept, close: async () => {} }, { rolePrefix });
  };
}

/** Makes a database as it was when `open` gave it: for tests that want many, one after another. */
export async function emptied(database: Database): Promise<void> {
  await database.pool.query(emptying);
}

/** By DELETE, because the database refuses TRUNCATE. What the books make of it goes in a second transaction. */
const emptying = `
  begin;
  set constraints all deferred;
  ${[...kindsInOrder]
    .reverse()
    .map((kind) => `delete from tenantry.${kind};`)
    .join("\n  ")}
  commit;
  begin;
  delete from tenantry.audit;
  delete from tenantry.change_set;
  delete from tenantry.revision;
  delete from tenantry.source;
  delete from tenantry.tombstone;
  delete from tenantry.service_key;
  delete from tenantry.signing_key;
  delete from tenantry.access_event;
  update tenantry.key_state set version = 0;
  delete from tenantry.org_books where org_id <> '00000000-0000-0000-0000-000000000000';
  update tenantry.org_books set change_counter = 0, applied_counter = 0, source_digest = null, desired_digest = null, next_due = null, xid = null;
  update tenantry.estate set epoch = gen_random_uuid(), revision = 0, noted = 0, apply_id = null, xid = null;
  commit`;
