/** How far an estate was seen, by any answer of its server. */
export interface SeenEstate {
  readonly revision: () => number;
  /** Takes note of an answer's origin; false where it is of an earlier state than was seen before. */
  readonly note: (headers: Headers) => boolean;
  /** The same for an origin that is said otherwise. */
  readonly noteRevision: (epoch: string | null, revision: number) => boolean;
}

/**
 * Servers behind one balancer may differ for seconds. When for so long nobody says any other epoch than one that was left,
 * that one was restored; in milliseconds.
 */
const longestDifference = 60_000;

/** `onLater` is called whenever what was known before is no longer what is known. `clock` is in milliseconds. */
export function seenEstate(onLater: () => void, clock = () => performance.now()): SeenEstate {
  let epoch: string | null = null;
  let revision = 0;
  // Another estate stands where the known one was, as after a restore: revisions begin anew, and there is no quick way back.
  const left = new Set<string>();
  let returning: { readonly epoch: string; readonly since: number } | null = null;
  const isBack = (from: string) => {
    if (returning?.epoch !== from) returning = { epoch: from, since: clock() };
    return clock() - returning.since > longestDifference;
  };
  const noteRevision = (from: string | null, told: number) => {
    if (from !== null && from !== epoch) {
      if (left.has(from) && !isBack(from)) return false;
      if (epoch !== null) {
        left.add(epoch);
        revision = -1;
      }
      left.delete(from);
      epoch = from;
    }
    if (from !== null) returning = null;
    if (told < revision) return false;
    if (told > revision) {
      revision = told;
      onLater();
    }
    return true;
  };
  return {
    revision: () => revision,
    note(headers) {
      const told = headers.get("tenantry-revision") ?? "";
      // What is no number tells of nothing; taken for one it could put every later answer in doubt.
      return !/^\d{1,15}$/.test(told) || noteRevision(headers.get("tenantry-epoch"), Number(told));
    },
    noteRevision,
  };
}
