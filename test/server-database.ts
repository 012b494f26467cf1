import pg from "pg";
import { inject } from "vitest";
import { openDatabase } from "../src/database/connect.ts";
import { migrate } from "../src/database/migrate.ts";
import { urlOf } from "./engines-setup.ts";

/** A migrated database on the server for one test file's commands, which are quicker there than embedded; gives its URL. */
export async function serverDatabase(name: string): Promise<string> {
  const { url: server, template, rolePrefix } = inject("engines");
  // Whatever begins with the template's name is dropped when all tests are done.
  const full = `${template}_${name}`;
  const admin = new pg.Client(server);
  await admin.connect();
  await admin.query(`create database ${full}`).finally(() => admin.end());
  const url = urlOf(server, full);
  const database = await openDatabase({ url, rolePrefix });
  await migrate(database).finally(() => database.close());
  return url;
}
