import { createHash } from "node:crypto";
import { setImmediate } from "node:timers/promises";
import { byCodeUnit } from "../../model/value.ts";

/** Which part of a search's results is asked for. */
export interface AskedPage {
  readonly limit: number;
  /** The last id of the page before; empty: the first page. */
  readonly after: string;
}

export interface Page {
  readonly found: readonly string[];
  readonly hasMore: boolean;
}

/** How many results a page has at most, and where nothing is said. */
export const mostResults = 1_000;

/** How many candidates are looked at before others have their turn: about a millisecond's worth. */
const slice = 500;

/**
 * The candidates for which something holds, in order, from where a page begins. It goes by ids, not by counting, so that
 * nothing that comes or goes between two pages moves what they show.
 * @param candidates In order of code units.
 */
export async function findPage(
  candidates: readonly string[],
  { limit, after }: AskedPage,
  holds: (candidate: string) => boolean,
): Promise<Page> {
  const found: string[] = [];
  let looked = 0;
  for (let at = firstAfter(candidates, after); at < candidates.length; at++) {
    if (++looked % slice === 0) await setImmediate();
    const candidate = candidates[at] as string;
    if (!holds(candidate)) continue;
    if (found.length === limit) return { found, hasMore: true };
    found.push(candidate);
  }
  return { found, hasMore: false };
}

function firstAfter(candidates: readonly string[], after: string): number {
  let low = 0;
  let high = candidates.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (byCodeUnit(candidates[middle] as string, after) > 0) high = middle;
    else low = middle + 1;
  }
  return low;
}

const digestLength = 12;

/** Where the next page of a search begins, in a form that clients have nothing to read in. */
export function tokenOf(search: string, last: string): string {
  const digest = createHash("sha256")
    .update(JSON.stringify([search, last]))
    .digest();
  return Buffer.concat([digest.subarray(0, digestLength), Buffer.from(last)]).toString("base64url");
}

/**
 * What a token was made of; null: it was not made for this search, or by hand. No secret is in it, so that every process
 * takes another's: it only says where to begin, and what comes from there is decided anew.
 */
export function lastOf(search: string, token: string): string | null {
  const last = Buffer.from(token, "base64url").subarray(digestLength).toString();
  return tokenOf(search, last) === token ? last : null;
}
