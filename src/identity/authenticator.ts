import type { JWK } from "jose";
import type { Database } from "../database/connect.ts";
import { noteExchange, noteRefusals } from "./access-events.ts";
import { findKeyById, type LiveKey } from "./find-key.ts";
import { identifyCredential, readCredential } from "./identify-credential.ts";
import { type Identified, makeKeyMemory } from "./key-memory.ts";
import { readKeyVersion } from "./key-version.ts";
import { limited } from "./limited.ts";
import { makeRefusalTally, type Refusal } from "./refusal-tally.ts";
import { repeat } from "./repeat.ts";
import { openSigningKeys, type SigningKeys } from "./signing-keys.ts";
import { type IssuedToken, issueToken } from "./tokens.ts";

/** Says whose a credential is, and exchanges keys for tokens. */
export interface Authenticator {
  /**
   * Whose key or token that is; null: nobody's, which is noted. At once where it was looked at a moment ago. Rejects
   * with `DatabaseUnreachable` where the database that knows cannot be asked, and with `TooManyWaiting`.
   */
  readonly identify: (credential: string) => LiveKey | null | Promise<LiveKey | null>;
  /**
   * A token for a key, once it is written down that it was given; null: it is no key that works, which is noted. Rejects
   * as `identify` does.
   */
  readonly exchange: (credential: string) => Promise<IssuedToken | null>;
  /** Notes a refusal that somebody else decided. */
  readonly refuse: (refusal: Refusal) => void;
  /** What verifies tokens, as it is published. */
  readonly publicKeys: () => readonly JWK[];
  /** Has keys of these orgs looked at again, because what is declared of them may differ; null: all keys. */
  readonly forget: (slugs: ReadonlySet<string> | null) => void;
  /** The key of that id as the database has it now; null: it works no more. Rejects as `identify` does. */
  readonly findKey: (id: string) => Promise<LiveKey | null>;
  /** Calls back when keys may work no more: those of these orgs, by slug, or any (null); returns what ends it. */
  readonly onChange: (listener: (slugs: ReadonlySet<string> | null) => void) => () => void;
  /** Writes what is still to be written, and asks nothing any more. */
  readonly close: () => Promise<void>;
}

export interface AuthenticatorOptions {
  /** The server's origin, which issues the tokens. */
  readonly issuer: string;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
}

/** In milliseconds. */
const times = {
  /** How often it is looked whether a key changed: often enough that a revocation is in force within a second. */
  look: 400,
  /** How often it is looked whether tokens should be signed with another key. */
  signing: 600_000,
  write: 1_000,
};

/**
 * What is done for whoever asks, so little of each at once that together they leave two of the pool's ten connections to
 * the look that finds revocations.
 */
const limits = {
  /** Of what anybody can make up: no more waiting than a server answers within a second. */
  strangers: { atWork: 3, waiting: 1_000 },
  /** Of what was good before, and of tokens that we gave: strangers are not in their way. */
  regulars: { atWork: 2, waiting: 1_000 },
  /** Many may wait: who waits asks nothing else, and who is turned away asks again at once, which costs everybody. */
  exchanges: { atWork: 2, waiting: 5_000 },
  /** Of keys that have streams, none of which may be passed over. */
  streams: { atWork: 1, waiting: Number.POSITIVE_INFINITY },
};

/** How many credentials are remembered, and as many that are refused. */
const remembered = 10_000;

/** Opens the keys of an estate. Throws as `inTransaction` does. */
export async function openAuthenticator(
  database: Database,
  { issuer, clock }: AuthenticatorOptions,
): Promise<Authenticator> {
  const memory = makeKeyMemory(remembered, clock);
  const refusals = makeRefusalTally((counted) => noteRefusals(database, counted));
  const looking = new Map<string, Promise<Identified>>();
  const inTurn = {
    stranger: limited(limits.strangers),
    regular: limited(limits.regulars),
    exchange: limited(limits.exchanges),
    stream: limited(limits.streams),
  };
  const listeners = new Set<(slugs: ReadonlySet<string> | null) => void>();
  let version = await readKeyVersion(database);
  let keys = await openSigningKeys(database, clock());
  let signing = { version, seen: clock() };
  /** Grows with everything that is forgotten: what was looked at before that is not remembered after it. */
  let generation = 0;

  const forget: Authenticator["forget"] = (slugs) => {
    generation++;
    memory.forget(slugs);
    looking.clear();
    for (const listener of [...listeners]) listener(slugs);
  };
  const lookForChanges = async () => {
    const found = await readKeyVersion(database);
    if (found !== version) forget(null);
    version = found;
  };
  /** Apart from the look, which must not wait until a key is made. */
  const lookForSigningKeys = async () => {
    if (version === signing.version && clock() - signing.seen < times.signing) return;
    const seen = { version, seen: clock() };
    const opened = await openSigningKeys(database, clock());
    const kids = (some: SigningKeys) => String(some.published(clock()).map(({ kid }) => kid));
    const isSame = kids(opened) === kids(keys);
    keys = opened;
    signing = seen;
    // What the keys of before verified is looked at again.
    if (!isSame) forget(null);
  };
  const look = async (credential: string): Promise<Identified> => {
    const begun = generation;
    const now = clock();
    const read = await readCredential(credential, { keys, issuer, now });
    if (read.kind === "refused") return read;
    const isRegular = read.kind === "token" || memory.isRegular(credential);
    const identified = await inTurn[isRegular ? "regular" : "stranger"](() =>
      identifyCredential(database, read, now),
    );
    if (begun === generation && identified.until > clock()) memory.put(credential, identified);
    return identified;
  };
  /** Several that send the same at once wait for one look. */
  const lookOnce = (credential: string): Promise<Identified> => {
    const underWay = looking.get(credential);
    if (underWay) return underWay;
    const begun = look(credential).finally(() => {
      if (looking.get(credential) === begun) looking.delete(credential);
    });
    looking.set(credential, begun);
    return begun;
  };
  const keyOf = (identified: Identified): LiveKey | null => {
    if (identified.kind === "known") return identified.key;
    refusals.count(identified.refusal);
    return null;
  };
  const identify: Authenticator["identify"] = (credential) => {
    const identified = memory.get(credential);
    return identified ? keyOf(identified) : lookOnce(credential).then(keyOf);
  };
  const endLooking = repeat(times.look, lookForChanges);
  const endSigning = repeat(times.look, lookForSigningKeys);
  const endWriting = repeat(times.write, refusals.flush);
  return {
    identify,
    async exchange(credential) {
      const key = await identify(credential);
      if (!key) return null;
      return inTurn.exchange(async () => {
        const issued = await issueToken(key, { keys, issuer, now: clock() });
        await noteExchange(database, key);
        return issued;
      });
    },
    refuse: refusals.count,
    publicKeys: () => keys.published(clock()).map(({ jwk }) => jwk),
    forget,
    findKey: (id) =>
      inTurn.stream(async () => {
        const found = await findKeyById(database, id);
        return found?.lives ? found.key : null;
      }),
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async close() {
      await Promise.all([endLooking(), endSigning(), endWriting()]);
      // Whoever cannot reach the database has nowhere to write it.
      await refusals.flush().catch(() => {});
    },
  };
}
