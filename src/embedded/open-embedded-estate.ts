import type { Pool } from "pg";
import type { LocalClient, Vocabulary } from "../client/client.ts";
import { localClient } from "../client/local-client.ts";
import { serveWatch } from "../command/serve-watch.ts";
import { openDatabase } from "../database/connect.ts";

export interface EmbeddedEstateOptions {
  /** Where the embedded database is kept, and made where there is none; `.tenantry` where nothing is said. */
  readonly directory?: string | undefined;
  /** Where the manifests are; `tenants` where nothing is said. */
  readonly tenants?: string | undefined;
  /** Which estate, where `estate.yaml` declares several. */
  readonly estate?: string | undefined;
  /** Told what came of each look at the manifests, a line at a time; nobody is where nothing is said. */
  readonly tell?: (line: string) => void;
}

/** A database, its manifests and who asks about them, in one process: an app's, while it is written or tried. */
export interface EmbeddedEstate<V extends Vocabulary = Vocabulary> {
  /** Answers by an edit within two seconds of its being saved. */
  readonly client: LocalClient<V>;
  /** Of the one connection that an embedded database has: for the app's own tables, and `withOrg`. */
  readonly pool: Pool;
  /** Ends all of it, the client and the pool as well, after an apply that is under way. */
  close(): Promise<void>;
}

/**
 * Opens an embedded database for this process alone and applies the manifests to it, now and whenever they are edited. Faulty
 * manifests, and plans that something stops, are told and not applied. Throws `DatabaseInUse` where another process has it.
 */
export async function openEmbeddedEstate<V extends Vocabulary = Vocabulary>(
  options: EmbeddedEstateOptions = {},
): Promise<EmbeddedEstate<V>> {
  const { directory, tenants: dir = "tenants", estate, tell = () => {} } = options;
  const database = await openDatabase({
    directory,
    applicationName: "tenantry embedded",
    onFirstUse: () => tell("Making the embedded database, once; it takes a few seconds.\n"),
  });
  let endWatching = async () => {};
  try {
    // Before the client, which so begins with what they say.
    endWatching = await serveWatch({ database }, { dir, estate }, { out: tell, talk: tell });
    const client = await localClient(database);
    return {
      client: client as unknown as LocalClient<V>,
      pool: database.pool,
      async close() {
        await endWatching();
        await client.close();
        await database.close();
      },
    };
  } catch (error) {
    await endWatching();
    await database.close();
    throw error;
  }
}
