import { LRUCache } from "lru-cache";
import { answerCache } from "./answer-cache.ts";
import type { Client, OrgQuestions, Trouble, Vocabulary } from "./client.ts";
import type { Hearing } from "./hear-changes.ts";
import { type OrgPaths, orgOverHttp } from "./org-over-http.ts";
import { makeReach } from "./reach.ts";
import { seenEstate } from "./seen-estate.ts";
import { serverLine } from "./server-line.ts";

export interface ClientOptions {
  /** Where the server is: `https://tenants.example`. */
  readonly url: string;
  /** An API key, which is exchanged for tokens. None is sent where none is given. */
  readonly key?: string | undefined;
  /** The slug of the org that the client itself asks about; the key's own where nothing is said. */
  readonly org?: string | undefined;
  /** How long an answer is waited for, with all retries, in milliseconds; two seconds where nothing is said. */
  readonly timeout?: number;
  /** How often a question is asked again where no connection came about, or the server says that it cannot answer now. */
  readonly retries?: number;
  /** How long an answer is given again without asking, in milliseconds; a second where nothing is said, 0 for never. */
  readonly cacheFor?: number;
  /** The same while somebody listens for the org's changes and would be told; ten seconds where nothing is said. */
  readonly cacheWhileHeard?: number;
  /** How long answers that are known are given while the server cannot be reached, in milliseconds; a minute where nothing is said. */
  readonly staleFor?: number;
  /** What requests are made with; Node's own where nothing is said, which keeps connections alive. */
  readonly fetch?: typeof globalThis.fetch;
  readonly onTrouble?: (trouble: Trouble) => void;
}

/** Orgs that are asked about keep what they heard; of so many, those asked about last. */
const mostOrgs = 1_000;

/**
 * A client of a server. Makes no connection by itself. Throws `TypeError` for a URL or a key that is none. Its questions never fail
 * because of the server: see `OrgQuestions`. One that the server does not take as it is rejects with `QuestionRefused`.
 */
export function createClient<V extends Vocabulary = Vocabulary>(options: ClientOptions): Client<V> {
  const { key, org, timeout = 2_000, retries = 2, cacheFor = 1_000, staleFor = 60_000 } = options;
  const { cacheWhileHeard = Math.max(cacheFor, 10_000), fetch = globalThis.fetch } = options;
  const href = hrefOf(options.url);
  checkKey(key);
  const cache = answerCache();
  const seen = seenEstate(cache.clear);
  const line = serverLine({ url: href, key, fetch, timeout, retries, seen });
  const reach = makeReach(seen, line.probe);
  const hearings = new Set<Hearing>();
  let isClosed = false;
  const make = (paths: OrgPaths) =>
    orgOverHttp(paths, {
      line,
      seen,
      reach,
      cache,
      isClosed: () => isClosed,
      hearings,
      cacheFor,
      cacheWhileHeard,
      staleFor,
    });
  const bySlug = new LRUCache<string, OrgQuestions<Vocabulary, "later">>({ max: mostOrgs });
  const orgOf = (slug: string) => {
    const found = bySlug.get(slug) ?? make(pathsOf(slug));
    bySlug.set(slug, found);
    return found;
  };
  if (options.onTrouble) reach.onTrouble(options.onTrouble);
  const own = org === undefined ? make(keysOwn) : orgOf(org);
  const client: Client<Vocabulary> = {
    mode: "later",
    ...own,
    org: orgOf,
    standing: reach.standing,
    staleFor,
    onTrouble: reach.onTrouble,
    async close() {
      isClosed = true;
      cache.close();
      reach.close();
      line.close();
      for (const hearing of hearings) hearing.end();
    },
  };
  // The names that a catalog declares are for the compiler alone.
  return client as unknown as Client<V>;
}

/** What a header can hold. What reads a key from a file has its line's end, too, which no header keeps. */
const keyShape = /^[\x21-\x7e]+\s*$/;

function checkKey(key: string | undefined): void {
  if (key !== undefined && !keyShape.test(key))
    throw new TypeError("createClient's `key` is no key: one is a single word of letters, digits, - and _.");
}

function hrefOf(url: string): string {
  if (typeof url === "string" && URL.canParse(url)) {
    const { protocol, href, username, password } = new URL(url);
    if (username || password)
      throw new TypeError("createClient's `url` holds a user or a password, which no request takes along.");
    if (protocol === "http:" || protocol === "https:") return href;
  }
  throw new TypeError("createClient needs `url`: where the server is, as https://tenants.example.");
}

const keysOwn: OrgPaths = { native: "v1/", events: "ofrep/v1/events" };

function pathsOf(slug: string): OrgPaths {
  const native = `v1/orgs/${inPath(slug)}/`;
  return { native, events: `${native}ofrep/v1/events` };
}

/** `.` and `..` would lead out of the path, to another org's. What no org is called is asked as a name that none can have. */
function inPath(slug: string): string {
  const isName = slug !== "" && slug !== "." && slug !== ".." && slug.length <= 255 && isWellFormed(slug);
  return isName ? encodeURIComponent(slug) : "%00";
}

/** Half a character cannot be sent. */
function isWellFormed(text: string): boolean {
  return !/\p{Surrogate}/u.test(text);
}
