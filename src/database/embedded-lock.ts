import { randomUUID } from "node:crypto";
import { existsSync, linkSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { DatabaseInUse } from "./database-error.ts";

/**
 * Takes the lock of an embedded database, and returns what releases it. PGlite itself takes none, and two
 * processes on one directory silently lose each other's rows. Throws `DatabaseInUse` while its holder lives.
 *
 * The lock is a series of files, `lock.1`, `lock.2`, …, of which the highest counts. Whoever finds its holder
 * dead, or the lock released, makes the next number; a link can be made by one only, so of two who take over
 * at once one fails, and looks again. The highest file is never removed: a number is not used twice.
 */
export function takeEmbeddedLock(directory: string): () => void {
  for (;;) {
    const current = highestLock(directory);
    const holder = current === 0 ? null : readHolder(directory, current);
    if (holder && isAlive(holder)) throw inUse(directory, holder);
    const mine = current + 1;
    if (!create(directory, mine)) continue;
    if (highestLock(directory) > mine) {
      // This process slept for so long that others came and went: its number is one of the past.
      rmSync(lockFile(directory, mine), { force: true });
      continue;
    }
    for (const number of locksOf(directory)) {
      if (number < mine) rmSync(lockFile(directory, number), { force: true });
    }
    return releaseOf(directory, mine);
  }
}

interface Holder {
  readonly pid: number;
  readonly host: string;
  /** When that process began, where the system tells: pids are used again. */
  readonly began: string | null;
  readonly released: boolean;
}

function releaseOf(directory: string, number: number): () => void {
  const release = () => {
    process.off("exit", release);
    // Somebody may have removed the whole directory in the meantime.
    if (!existsSync(lockFile(directory, number))) return;
    const draft = writeDraft(directory, { ...thisProcess(), released: true });
    renameSync(draft, lockFile(directory, number));
  };
  process.once("exit", release);
  return release;
}

/** Makes a lock file, whole or not at all; false where the number is taken. */
function create(directory: string, number: number): boolean {
  const draft = writeDraft(directory, { ...thisProcess(), released: false });
  try {
    linkSync(draft, lockFile(directory, number));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

function writeDraft(directory: string, holder: Holder): string {
  const draft = join(directory, `draft.${randomUUID()}`);
  writeFileSync(draft, JSON.stringify(holder));
  return draft;
}

function highestLock(directory: string): number {
  return Math.max(0, ...locksOf(directory));
}

function locksOf(directory: string): number[] {
  return readdirSync(directory).flatMap((name) => {
    const match = /^lock\.(\d+)$/.exec(name);
    return match ? [Number(match[1])] : [];
  });
}

function lockFile(directory: string, number: number): string {
  return join(directory, `lock.${number}`);
}

/** Null where it has just been replaced by a higher one. */
function readHolder(directory: string, number: number): Holder | null {
  try {
    return JSON.parse(readFileSync(lockFile(directory, number), "utf8")) as Holder;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    // Locks appear whole; one that is not was damaged when the machine went down, and its holder with it.
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

function isAlive(holder: Holder): boolean {
  if (holder.released) return false;
  // Nobody can look into another machine; whoever knows better removes the file.
  if (holder.host !== hostname()) return true;
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
  const began = beginningOf(holder.pid);
  return began === null || holder.began === null || began === holder.began;
}

function thisProcess(): Holder {
  return { pid: process.pid, host: hostname(), began: beginningOf(process.pid), released: false };
}

/** The 22nd field of Linux's `stat`; elsewhere null, and the pid alone decides. */
function beginningOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? null;
  } catch {
    return null;
  }
}

function inUse(directory: string, holder: Holder): DatabaseInUse {
  const here = holder.host === hostname();
  const who = `process ${holder.pid}${here ? "" : ` on ${holder.host}`}`;
  const help = here
    ? "Wait until it has ended, or end it."
    : `If it is no longer running there, remove the lock files in ${directory}.`;
  return new DatabaseInUse(`The embedded database in ${directory} is in use by ${who}. ${help}`);
}
