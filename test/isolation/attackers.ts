import { randomUUID } from "node:crypto";
import pg from "pg";
import type { Database } from "../../src/database/connect.ts";
import { urls } from "../engines.ts";
import type { WorkingRole } from "./granted.ts";

/** Who attacks: a connection at a time, on which statements take up the role. */
export interface Attacker {
  readonly role: WorkingRole;
  /** What takes up the role, in a transaction. */
  readonly as: string;
  client: pg.ClientBase;
  /** Goes on with a connection on which nothing was ever said; on PGlite there is but one. */
  renew(): Promise<void>;
  end(): Promise<void>;
}

/**
 * Makes somebody who was granted the role and nothing else. PGlite has no login but its superuser: there the role is a
 * guard rail, and the statements leave it on.
 */
export async function makeAttacker(database: Database, role: WorkingRole): Promise<Attacker> {
  const name = `${database.rolePrefix}${role}`;
  // Without compiling, which takes seconds for a view over all kinds.
  const as = `set local jit = off; set local role ${pg.escapeIdentifier(name)}`;
  const url = urls.get(database);
  if (url === undefined) {
    const client = await database.pool.connect();
    return { role, as, client, renew: async () => {}, end: async () => client.release() };
  }
  const password = randomUUID();
  // Goes with the run's other roles.
  const login = `${name}_${password.slice(0, 8)}`;
  await database.pool.query(`create role ${login} login password '${password}'; grant ${name} to ${login}`);
  const address = new URL(url);
  address.username = login;
  address.password = password;
  const connect = async () => {
    const client = new pg.Client(address.href);
    await client.connect();
    return client;
  };
  let client = await connect();
  const attacker: Attacker = {
    role,
    as,
    client,
    async renew() {
      await client.end();
      client = await connect();
      attacker.client = client;
    },
    end: () => client.end(),
  };
  return attacker;
}
