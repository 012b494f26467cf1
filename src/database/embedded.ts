import { existsSync, readdirSync, statSync } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { setFlagsFromString } from "node:v8";
import type { PGlite } from "@electric-sql/pglite";
import type { PoolConfig } from "pg";
import { DatabaseUnreachable } from "./database-error.ts";
import { takeEmbeddedLock } from "./embedded-lock.ts";

/** PostgreSQL in this process, in WebAssembly. */
export interface Embedded {
  readonly directory: string;
  readonly pglite: PGlite;
  /** Connects `pg` to it. */
  readonly config: PoolConfig;
  close(): Promise<void>;
}

/**
 * Opens the embedded database of a directory for this process alone; makes it where there is none.
 * What it acknowledged survives the end of the process, however sudden; a loss of power is not covered.
 */
export async function openEmbedded(options: {
  readonly directory: string;
  readonly mustExist?: boolean | undefined;
  readonly onFirstUse?: ((directory: string) => void) | undefined;
}): Promise<Embedded> {
  const directory = resolve(options.directory);
  if (options.mustExist && !existsSync(join(directory, "data"))) {
    throw new DatabaseUnreachable(`There is no embedded database in ${directory}, and no server is named.`);
  }
  await makeDirectory(directory);
  checkOurs(directory);
  const release = takeEmbeddedLock(directory);
  try {
    const data = join(directory, "data");
    const begun = join(directory, beginning);
    // Whoever was stopped while making it had not been told yet that it holds anything.
    if (existsSync(begun)) await rm(data, { recursive: true, force: true });
    const isNew = !existsSync(data);
    if (isNew) {
      options.onFirstUse?.(directory);
      await writeFile(begun, "");
    }
    const embedded = await openPGlite(directory, data);
    if (isNew) await rm(begun);
    return {
      ...embedded,
      async close() {
        await embedded.close();
        release();
      },
    };
  } catch (error) {
    release();
    throw error;
  }
}

/** Stands in the directory while its database is being made, so that only what was begun here is ever removed. */
const beginning = "making-data";

/** Refuses a directory that holds something else: nothing of it may be taken for a database, or be overwritten. */
function checkOurs(directory: string): void {
  const names = readdirSync(directory);
  const isOurs = names.length === 0 || names.some((name) => /^(?:lock\.\d+|draft\.[\w-]+)$/.test(name));
  if (isOurs) return;
  throw new DatabaseUnreachable(
    `${directory} holds other files, and no embedded database. Name a directory that is empty or does not exist yet.`,
  );
}

/** Makes the directory itself and none above it: what is missing there was mistyped. */
async function makeDirectory(directory: string): Promise<void> {
  try {
    await mkdir(directory);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EEXIST" && statSync(directory).isDirectory()) return;
    throw new DatabaseUnreachable(
      `The embedded database cannot be kept in ${directory}: ${reasonOf(code)}.`,
      {
        cause: error,
      },
    );
  }
}

function reasonOf(code: string | undefined): string {
  const reasons: { readonly [code: string]: string } = {
    ENOENT: "there is no directory to make it in",
    EACCES: "that needs a permission that is missing",
    EROFS: "the file system is read-only",
    EEXIST: "there is a file of that name",
    ENOTDIR: "what stands above it is a file",
  };
  return reasons[code ?? ""] ?? String(code);
}

/**
 * How much of a function of WebAssembly runs before it is optimised. By default that is so soon that a command has half of
 * PostgreSQL optimised and ends before any of it pays: it then takes half as much time again.
 */
const optimisedLate = "--wasm-tiering-budget=1000000000";

/** Opens PGlite on a data directory, or in memory. Loaded only here: it costs nothing to those who do without. */
export async function openPGlite(directory: string, data?: string, contents?: Blob): Promise<Embedded> {
  setFlagsFromString(optimisedLate);
  const { PGlite } = await import("@electric-sql/pglite");
  const { createPgConfig } = await import("@electric-sql/pglite/node-postgres");
  const pglite = await PGlite.create({
    ...(data === undefined ? {} : { dataDir: data }),
    ...(contents === undefined ? {} : { loadDataDir: contents }),
  });
  const { poolSize: _, ...config } = createPgConfig(pglite) as PoolConfig & { poolSize?: number };
  return {
    directory,
    pglite,
    config,
    async close() {
      if (!pglite.closed) await pglite.close();
    },
  };
}
