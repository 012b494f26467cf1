import { beforeEach, describe, expect, it } from "vitest";
import { sqlTypeOf } from "../../src/database/column.ts";
import type { Database } from "../../src/database/connect.ts";
import { descriptorOf, type Kind, kinds } from "../../src/model/kinds.ts";
import { kindsInOrder } from "../../src/model/order.ts";
import { eachEngine } from "../engines.ts";

interface Column {
  readonly name: string;
  readonly type: string;
  readonly required: boolean;
}

eachEngine("the schema", (open) => {
  let database: Database;
  beforeEach(async () => {
    database = await open();
  });

  it("has a column of the right type for every field, and the ledger beside it", async () => {
    for (const kind of kindsInOrder) {
      const columns = await columnsOf(database, kind);
      const { fields, tier } = descriptorOf(kind);
      const wanted = Object.entries(fields).map(([name, { type }]) => [
        type === "reference" ? `${name}_id` : name,
        sqlTypeOf[type],
      ]);
      const found = columns.map(({ name, type }) => [
        name,
        type === "timestamp with time zone" ? "timestamptz" : type,
      ]);
      const about = `${kind} of the ${tier}`;
      expect(found, about).toEqual(expect.arrayContaining(wanted));
      expect(found, about).toEqual(
        expect.arrayContaining([
          ["id", "uuid"],
          ["origin", "text"],
          ["managed", "text[]"],
        ]),
      );
      expect(
        columns.some(({ name, required }) => name === "org_id" && required),
        about,
      ).toBe(tier === "org");
    }
  });

  it("requires what has a documented default, and what tells rows apart", async () => {
    for (const kind of kindsInOrder) {
      const required = new Set(
        (await columnsOf(database, kind)).filter((one) => one.required).map(({ name }) => name),
      );
      for (const [name, field] of Object.entries(descriptorOf(kind).fields)) {
        // A limit of the catalog's that is null is none, whatever its default.
        const hasDefault = "default" in field && field.default !== null && !name.endsWith("_limit");
        if (hasDefault) expect(required.has(name), `${kind}.${name}`).toBe(true);
      }
    }
  });

  it("has no table that no kind knows", async () => {
    const books = [
      "access_event",
      "audit",
      "books_pending",
      "change_set",
      "estate",
      "key_state",
      "migration",
      "org_books",
      "org_key",
      "revision",
      "service_key",
      "signing_key",
      "source",
      "tombstone",
      "tx_pending",
    ];
    const { rows } = await database.pool.query<{ name: string }>(
      "select relname as name from pg_class where relnamespace = 'tenantry'::regnamespace and relkind = 'r'",
    );
    expect(rows.map(({ name }) => name).sort()).toEqual([...Object.keys(kinds), ...books].sort());
  });

  it("says of every table what it is for", async () => {
    const { rows } = await database.pool.query(
      `select relname from pg_class where relnamespace = 'tenantry'::regnamespace and relkind = 'r'
         and relname <> 'migration' and obj_description(oid) is null`,
    );
    expect(rows).toEqual([]);
  });

  it("lets no row of an org refer to another org's", async () => {
    const { rows } = await database.pool.query<{ name: string; definition: string }>(
      `select conname as name, pg_get_constraintdef(oid) as definition from pg_constraint
       where contype = 'f' and connamespace = 'tenantry'::regnamespace`,
    );
    const orgKinds = kindsInOrder.filter((kind) => descriptorOf(kind).tier === "org");
    for (const { name, definition } of rows) {
      const target = /references tenantry\.(\w+)/i.exec(definition)?.[1] as Kind;
      if (orgKinds.includes(target)) expect(definition, name).toMatch(/^FOREIGN KEY \(org_id/);
    }
  });

  describe("by hand", () => {
    it.each([
      ["a binding without a holder", "binding_has_one_holder", "binding (org_id) values ($1)"],
      ["a rate above one", "trace_sample_rate_check", "trace (org_id, sample_rate) values ($1, 1.5)"],
      ["another org's key", "org_is_its_own", "org (org_id, id, slug) values ($1, gen_random_uuid(), 'abc')"],
      ["a bad slug", "org_slug_check", "org (org_id, id, slug) values ($1, $1, 'A B')"],
    ])("refuses %s", async (_, constraint, statement) => {
      const insert = database.pool.query(`insert into tenantry.${statement}`, [crypto.randomUUID()]);
      await expect(insert).rejects.toMatchObject({ constraint });
    });
  });
});

async function columnsOf(database: Database, kind: Kind): Promise<Column[]> {
  const { rows } = await database.pool.query<Column>(
    `select attname as name, format_type(atttypid, atttypmod) as type, attnotnull as required
     from pg_attribute where attrelid = $1::regclass and attnum > 0 and not attisdropped`,
    [`tenantry.${kind}`],
  );
  return rows;
}
