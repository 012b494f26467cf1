import { expect, it } from "vitest";
import type { Database } from "../../src/database/connect.ts";
import { noteExchange } from "../../src/identity/access-events.ts";
import { digestOf } from "../../src/identity/key-text.ts";
import { rotateKey } from "../../src/identity/rotate-key.ts";
import { eachEngine } from "../engines.ts";
import { declareOrg, minted } from "./keys-of-acme.ts";

eachEngine("keys at rest", (open) => {
  it("leave their digest in the database, and nothing that they could be made of again", async () => {
    const database = await open();
    const orgId = await declareOrg(database, "acme", { ci: {} });
    const first = await minted(database, "ci", "acme");
    await noteExchange(database, { id: first.id, orgId, name: "ci" });
    const ci = { kind: "org", org: "acme", name: "ci" } as const;
    const second = await rotateKey(database, ci, { actor: "dora", grace: 60_000 });
    const texts = [first.text, "text" in second ? second.text : "", (await minted(database, "worker")).text];

    const rows = await everything(database);
    for (const text of texts) {
      const digest = digestOf(text)?.toString("hex") ?? "";
      // That the digest is found shows that the search would find the key.
      expect(rows.filter((row) => row.includes(digest))).toHaveLength(1);
      const bytes = Buffer.from(text.slice(3), "base64url");
      const secret = bytes.subarray(0, 32);
      const traces = [
        text.slice(3),
        text.slice(3, 20),
        bytes.toString("hex"),
        secret.toString("hex"),
        secret.toString("base64").slice(0, 42),
        secret.subarray(0, 12).toString("hex"),
      ];
      for (const trace of traces) expect(rows.filter((row) => row.includes(trace))).toEqual([]);
    }
  });
});

/** Every row of every table, as text, whatever it is for. */
async function everything({ pool }: Database): Promise<string[]> {
  const tables = await pool.query<{ name: string }>(
    `select format('%I.%I', nspname, relname) as name from pg_class c join pg_namespace n on n.oid = relnamespace
     where relkind = 'r' and nspname not in ('pg_catalog', 'information_schema') and nspname !~ '^pg_toast'`,
  );
  const rows: string[] = [];
  for (const { name } of tables.rows) {
    const found = await pool.query<{ row: string }>(`select t::text as row from ${name} t`);
    rows.push(...found.rows.map(({ row }) => row));
  }
  return rows;
}
