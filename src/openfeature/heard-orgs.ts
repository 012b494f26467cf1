import { LRUCache } from "lru-cache";
import type { Client, OrgQuestions, Vocabulary } from "../client/client.ts";

/** What a provider asks about one org. */
export type FlagQuestions = Pick<OrgQuestions<Vocabulary, "now" | "later">, "check" | "onChange">;

/** What it asks of a client: over HTTP or in process, and whatever names its catalog declares. */
export interface FlagClient extends FlagQuestions, Pick<Client, "standing" | "staleFor" | "onTrouble"> {
  readonly mode: "now" | "later";
  org(slug: string): FlagQuestions;
}

/** The orgs that were asked about last, of whose changes somebody is told. */
export interface HeardOrgs {
  /** Whom to ask about an org; null: the client's own. */
  readonly asking: (slug: string | null) => FlagQuestions;
  /** Lets go of all. */
  readonly close: () => void;
}

/** In process an org costs next to nothing; over HTTP each is a stream of events. */
const most = { now: 1_000, later: 100 };

/** Calls back after each change of an org that was asked about. */
export function hearOrgs(client: FlagClient, onChange: (slug: string | null) => void): HeardOrgs {
  const heard = new LRUCache<string, { readonly asked: FlagQuestions; readonly unlisten: () => void }>({
    max: most[client.mode],
    dispose: ({ unlisten }) => unlisten(),
  });
  return {
    asking(slug) {
      // No slug is empty: the context would not be taken.
      const key = slug ?? "";
      const known = heard.get(key);
      if (known) return known.asked;
      const asked = slug === null ? client : client.org(slug);
      heard.set(key, { asked, unlisten: asked.onChange(() => onChange(slug)) });
      return asked;
    },
    close: () => heard.clear(),
  };
}
