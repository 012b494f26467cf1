import type { Database } from "../database/connect.ts";
import { keepFresh } from "../runtime/keep-fresh.ts";
import { openLiveEstate } from "../runtime/live-estate.ts";
import type { LocalClient, Trouble } from "./client.ts";
import { localOrgs } from "./local-orgs.ts";
import { tellEach } from "./tell-each.ts";

export interface OverDatabase {
  readonly org?: string | undefined;
  readonly maxStale?: number | undefined;
  readonly onTrouble?: (trouble: Trouble) => void;
  /** Milliseconds since 1970. */
  readonly clock?: () => number;
  readonly onClose?: () => Promise<void>;
}

/** A client over an open database. Rejects where the estate cannot be read. */
export async function localClient(database: Database, options: OverDatabase = {}): Promise<LocalClient> {
  const { maxStale = 60_000, clock = Date.now } = options;
  const estate = await openLiveEstate(database, { clock });
  const listeners = new Set<(trouble: Trouble) => void>();
  const onTrouble: LocalClient["onTrouble"] = (listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };
  if (options.onTrouble) onTrouble(options.onTrouble);
  let isClosed = false;
  const tell = (trouble: Trouble) => tellEach(listeners, trouble);
  const keeping = keepFresh(database, estate, {
    onNews(news) {
      if (news.kind === "trouble") tell({ kind: "cut-off", error: news.error });
      else if (news.kind === "recovered") tell({ kind: "back" });
    },
  });
  const { org, end } = localOrgs(estate, { clock, maxStale });
  return Object.assign(org(options.org ?? ""), {
    mode: "now" as const,
    staleFor: maxStale,
    org,
    standing() {
      const { revision, seenAt } = estate.state();
      return { revision, age: Math.max(0, clock() - seenAt), isCutOff: keeping.status().trouble !== null };
    },
    onTrouble,
    async close() {
      if (isClosed) return;
      isClosed = true;
      end();
      listeners.clear();
      await keeping.end();
      await options.onClose?.();
    },
  });
}
