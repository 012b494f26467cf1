/** How far an estate was seen, by any answer of its server. */
export interface SeenEstate {
  readonly revision: () => number;
  /** Takes note of an answer's origin; false where it is of an earlier state than was seen before. */
  readonly note: (headers: Headers) => boolean;
  /** The same for an origin that is said otherwise. */
  readonly noteRevision: (epoch: string | null, revision: number) => boolean;
}

/** `onLater` is called whenever what was known before is no longer what is known. */
export function seenEstate(onLater: () => void): SeenEstate {
  let epoch: string | null = null;
  let revision = 0;
  // Another estate stands where the known one was, as after a restore: revisions begin anew, and there is no way back.
  const left = new Set<string>();
  const noteRevision = (from: string | null, told: number) => {
    if (from !== null && from !== epoch) {
      if (left.has(from)) return false;
      if (epoch !== null) {
        left.add(epoch);
        revision = -1;
      }
      epoch = from;
    }
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
      const told = headers.get("tenantry-revision");
      return told === null || noteRevision(headers.get("tenantry-epoch"), Number(told));
    },
    noteRevision,
  };
}
