import { Socket } from "node:net";
import { setTimeout } from "node:timers/promises";
import pg from "pg";
import type { Database } from "./connect.ts";
import { DatabaseUnreachable } from "./database-error.ts";

export interface ListenOptions {
  /** Ends the listening. */
  readonly signal: AbortSignal;
  /** How often the connection itself is asked whether it still listens, in milliseconds. */
  readonly heartbeat: number;
  /** How long an answer on it is waited for, in milliseconds. */
  readonly patience: number;
  /** From now on every commit is told of; what was committed before may not have been. */
  readonly onListening: () => void;
  readonly onNotice: () => void;
}

/**
 * Listens on the schema's channel, on a connection of its own, until the signal ends it. Rejects with what took the
 * connection away, or with what makes listening impossible: the caller then looks for itself, and may listen again.
 */
export async function listen(database: Database, options: ListenOptions): Promise<void> {
  const socket = new Socket();
  const client = clientOver(socket, database, options);
  const over = new AbortController();
  const signal = AbortSignal.any([options.signal, over.signal]);
  const lost = new Promise<never>((_, reject) => {
    // Without it, a connection that the server ends would end this process.
    client.on("error", reject);
    client.on("end", () => reject(new DatabaseUnreachable("The connection that listens was ended.")));
  });
  const aborted = new Promise<void>((resolve) => {
    if (options.signal.aborted) resolve();
    options.signal.addEventListener("abort", () => resolve(), { signal: over.signal });
  });
  client.on("notification", options.onNotice);
  try {
    await Promise.race([aborted, lost, beat(client, database.schema, { ...options, signal })]);
  } catch (error) {
    if (!options.signal.aborted) throw error;
  } finally {
    over.abort();
    // Not ended politely: a line that swallows everything would never let it.
    socket.destroy();
  }
}

function clientOver(socket: Socket, { pool }: Database, { patience }: ListenOptions): pg.Client {
  const { connectionString, application_name: name } = pool.options;
  return new pg.Client({
    connectionString,
    application_name: `${name} (listening)`,
    stream: () => socket,
    connectionTimeoutMillis: patience,
    query_timeout: patience,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
  });
}

/** A line that swallows everything gives no error of its own: only an answer shows that somebody is there. */
async function beat(
  client: pg.Client,
  channel: string,
  { signal, heartbeat, onListening }: ListenOptions,
): Promise<never> {
  await client.connect();
  await client.query(`listen ${pg.escapeIdentifier(channel)}`);
  await assertListening(client, channel);
  onListening();
  for (;;) {
    await setTimeout(heartbeat, undefined, { signal });
    await assertListening(client, channel);
  }
}

/** A pooler that lends the connection out by transaction takes a LISTEN without an error, and drops it. */
async function assertListening(client: pg.Client, channel: string): Promise<void> {
  const { rows } = await client.query(
    "select from pg_listening_channels() as on_channel where on_channel = $1",
    [channel],
  );
  if (rows.length === 0) throw new NotListening();
}

/** What stands between here and the server forgets that somebody listens. */
export class NotListening extends Error {
  readonly code = "not-listening";
  override readonly name = "NotListening";
  constructor() {
    super(
      "The connection forgets that it listens, as behind a pooler in transaction mode: changes are found by looking for them.",
    );
  }
}
