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
 * Gives a test a migrated database with nothing in it, for itself alone; it is closed and gone afterwards.
 * `database.pool` is a superuser's, for what somebody does by hand. On PGlite a test has one at a time.
 */
export type Open = (options?: OpenOptions) => Promise<Database>;

/** The same tests on PostgreSQL and on PGlite. */
export function eachEngine(name: string, tests: (open: Open, engine: Database["engine"]) => void): void {
  describe(`${name}, on PostgreSQL`, () => tests(openPostgres(), "postgres"));
  describe(`${name}, on PGlite`, () => tests(openEmbeddedCopies(), "pglite"));
}

/** The URL of a database that `open` gave on PostgreSQL, for another connection to it. */
export const urls = new WeakMap<Database, string>();

let count = 0;

function openPostgres(): Open {
  const closers: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const close of closers.splice(0)) await close();
  });
  return async ({ empty } = {}) => {
    const { url, template, rolePrefix } = inject("engines");
    const name = `${template}_${process.env.VITEST_POOL_ID ?? 0}_${process.pid}_${++count}`;
    await administer(url, `create database ${name} template ${empty ? "template0" : template}`);
    const database = await openDatabase({ url: urlOf(url, name), rolePrefix });
    urls.set(database, urlOf(url, name));
    closers.push(async () => {
      await database.close();
      await administer(url, `drop database if exists ${name} with (force)`);
    });
    return database;
  };
}

async function administer(url: string, statement: string): Promise<void> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

/** One instance a file, loaded from the migrated copy and emptied for each test: making one takes seconds. */
function openEmbeddedCopies(): Open {
  let kept: Embedded | undefined;
  const databases: Database[] = [];
  const close = async () => {
    for (const database of databases.splice(0)) await database.close();
  };
  afterEach(close);
  afterAll(async () => {
    await kept?.close();
  });
  return async ({ empty } = {}) => {
    const { rolePrefix, pgliteData } = inject("engines");
    await close();
    const load = async () => openPGlite("memory", undefined, await openAsBlob(pgliteData));
    if (!empty) kept ??= await load();
    const embedded = empty || !kept ? await openPGlite("memory") : { ...kept, close: async () => {} };
    const database = await overEmbedded(embedded, { rolePrefix });
    databases.push(database);
    if (!empty) await database.pool.query(emptying);
    return database;
  };
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
  delete from tenantry.org_books where org_id <> '00000000-0000-0000-0000-000000000000';
  update tenantry.org_books set change_counter = 0, applied_counter = 0, source_digest = null, next_due = null, xid = null;
  update tenantry.estate set epoch = gen_random_uuid(), revision = 0, apply_id = null, xid = null;
  commit`;
