import { openDatabase } from "../database/connect.ts";
import type { LocalClient } from "./client.ts";
import type { LocalClientOptions } from "./create-local-client.ts";
import { localClient } from "./local-client.ts";

/** How long a server's answer is waited for before its connection is given up, in milliseconds. */
const patience = 10_000;

/** See `createLocalClient`. */
export async function openLocalClient(options: LocalClientOptions): Promise<LocalClient> {
  const { database: where, schema, rolePrefix } = options;
  // A variable that is not set is no directory.
  if (typeof where !== "string" || where === "") {
    throw new TypeError(
      "createLocalClient needs `database`: a server's URL, or an embedded database's directory.",
    );
  }
  const isServer = /^postgres(?:ql)?:\/\//.test(where);
  const database = await openDatabase({
    ...(isServer ? { url: where } : { directory: where, mustExist: true }),
    schema,
    rolePrefix,
    patience,
    applicationName: "tenantry client",
  });
  try {
    return await localClient(database, { ...options, onClose: database.close });
  } catch (error) {
    await database.close();
    throw error;
  }
}
