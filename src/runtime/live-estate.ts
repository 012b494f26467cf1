import { randomBytes } from "node:crypto";
import type { Database } from "../database/connect.ts";
import { inTransaction } from "../database/in-transaction.ts";
import { findOrgsOfUser } from "../database/read-changes.ts";
import type { OrgSnapshot } from "../decision/snapshot.ts";
import { boundedWaits } from "./bounded-waits.ts";
import { emptyMemory, type Memory, type TakenIn, takeIn } from "./take-in.ts";

/** What a look at the database reads: what changed since the last one, or everything. */
export type Extent = "changes" | "everything";

/** What is known of the whole estate. */
export interface EstateState {
  /** Names the database's history; another epoch is another estate. */
  readonly epoch: string;
  readonly revision: number;
  /**
   * Names the last change that was found here, with or without a revision: another text after each, and no other process
   * has the same. Who was told of everything up to it has missed nothing; who was told of another's may have.
   */
  readonly taken: string;
  /** When it was last known to be so, in milliseconds since 1970. */
  readonly seenAt: number;
  /** How many orgs are held in memory. */
  readonly orgs: number;
}

/** What a look at the database found changed. */
export interface EstateChange {
  readonly revision: number;
  /** The slugs of the orgs whose answers may differ; null: any. */
  readonly slugs: ReadonlySet<string> | null;
}

/**
 * An estate in memory, as fresh as whoever calls `refresh` keeps it. It never goes back: not to an earlier revision of
 * its epoch, and no org to an earlier state of itself.
 */
export interface LiveEstate {
  readonly state: () => EstateState;
  /** The org of that slug; null: there is none. A promise only where not all orgs are held, and this one is not. */
  readonly org: (slug: string) => OrgSnapshot | null | Promise<OrgSnapshot | null>;
  /** The slugs of the orgs that somebody is a member of, by address or user id; asks the database. */
  readonly orgsOfUser: (user: string) => Promise<readonly string[]>;
  /**
   * Looks at the database; resolves when everything that was committed before the call is known. Rejects where the
   * database cannot be asked, or has fallen behind what is known (`EstateBehind`).
   */
  readonly refresh: (extent?: Extent) => Promise<void>;
  /** Whether a revision is known within so many milliseconds. */
  readonly reach: (revision: number, milliseconds: number) => Promise<boolean>;
  /** Calls back after each look that found something changed; returns what ends it. */
  readonly onChange: (listener: (change: EstateChange) => void) => () => void;
}

export interface LiveOptions {
  /** How many orgs to hold; the rest is read when it is asked for. All where nothing is said. */
  readonly maxOrgs?: number | undefined;
  /**
   * How long the database is waited for by who asks for an org that is not held, or for a user's, in milliseconds; as long
   * as it takes where nothing is said.
   */
  readonly patience?: number | undefined;
  /** Milliseconds since 1970. */
  readonly clock?: () => number;
}

/** Loads an estate into memory. Throws as `inTransaction` does. */
export async function openLiveEstate(database: Database, options: LiveOptions = {}): Promise<LiveEstate> {
  const { maxOrgs, patience, clock = Date.now } = options;
  const waits = boundedWaits(patience);
  const memory = emptyMemory(maxOrgs);
  const listeners = new Set<(change: EstateChange) => void>();
  const name = randomBytes(8).toString("hex");
  let changes = 0;
  let taken = `${name}-0`;
  // Every answer asks for it: nothing is put together here.
  const state = (): EstateState => ({
    epoch: memory.mark?.epoch ?? "",
    revision: revisionOf(memory),
    taken,
    seenAt: memory.seenAt,
    orgs: memory.orgs.size(),
  });
  const look = inTurn(async (wanted, extent) => {
    const seenAt = clock();
    if (extent === "everything") memory.isInDoubt = true;
    const { change, found } = await waits.attempt(() =>
      inTransaction(database, "runtime", { isolation: "repeatable read", readOnly: true }, (transaction) =>
        takeIn(memory, transaction, wanted),
      ),
    );
    memory.seenAt = seenAt;
    if (change) {
      taken = `${name}-${++changes}`;
      for (const listener of [...listeners]) listener(change);
    }
    return found;
  });
  const onChange: LiveEstate["onChange"] = (listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };
  const refresh: LiveEstate["refresh"] = async (extent = "changes") => void (await look([], extent));
  await refresh("everything");
  return {
    state,
    org(slug) {
      const held = memory.orgs.get(slug);
      if (held !== undefined) return held;
      return waits.wait(() => look([slug], "changes")).then((found) => found.get(slug) ?? null);
    },
    orgsOfUser: (user) =>
      waits.wait(() =>
        waits.attempt(() =>
          inTransaction(database, "runtime", { readOnly: true }, (transaction) =>
            findOrgsOfUser(transaction, user),
          ),
        ),
      ),
    refresh,
    reach: (revision, milliseconds) =>
      reached({ isReached: () => revisionOf(memory) >= revision, refresh, onChange, milliseconds }),
    onChange,
  };
}

function revisionOf({ mark }: Memory): number {
  return mark?.revision ?? 0;
}

type Look = (wanted: readonly string[], extent: Extent) => Promise<TakenIn["found"]>;

/** One look at a time. Whoever asks during one shares the next, because the one under way may have passed by what is asked for. */
function inTurn(look: Look): Look {
  let current: Promise<unknown> = Promise.resolve();
  let next: ReturnType<typeof inLine> | null = null;
  const inLine = () => {
    const asked = { wanted: new Set<string>(), extent: "changes" as Extent };
    const done = current.then(() => {
      next = null;
      return look([...asked.wanted], asked.extent);
    });
    // Who waits for the look hears of its error; the next one is made all the same.
    current = done.catch(() => {});
    return { asked, done };
  };
  return (wanted, extent) => {
    next ??= inLine();
    for (const slug of wanted) next.asked.wanted.add(slug);
    if (extent === "everything") next.asked.extent = extent;
    return next.done;
  };
}

interface Awaited {
  readonly isReached: () => boolean;
  readonly refresh: () => Promise<void>;
  readonly onChange: LiveEstate["onChange"];
  readonly milliseconds: number;
}

/** How often to look while somebody waits: a commit that is told to nobody is found all the same. */
const lookEvery = 100;

async function reached({ isReached, refresh, onChange, milliseconds }: Awaited): Promise<boolean> {
  if (isReached()) return true;
  return new Promise<boolean>((resolve) => {
    const end = (answer: boolean) => {
      clearInterval(looking);
      clearTimeout(deadline);
      unlisten();
      resolve(answer);
    };
    const see = () => {
      if (isReached()) end(true);
    };
    // A look that fails leaves it to the deadline to answer.
    const look = () => void refresh().then(see, () => {});
    const unlisten = onChange(see);
    const looking = setInterval(look, lookEvery);
    const deadline = setTimeout(() => end(isReached()), milliseconds);
    look();
  });
}
