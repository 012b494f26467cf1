/** Something that is declared under a name, and perhaps had others before. */
export interface Claimant {
  readonly key: string;
  /** Newest first. */
  readonly previously: readonly string[];
}

/** Something that is there. */
export interface Holder {
  readonly key: string;
  /** Its name as it was last applied; another one only where something else has renamed it since. */
  readonly applied: string;
}

export interface Claims<C extends Claimant, H extends Holder> {
  readonly held: ReadonlyMap<C, H>;
  /** What nobody claims. */
  readonly left: ReadonlySet<H>;
}

/**
 * Says which of what is there each claimant is. Its own name goes before the names that it had earlier: once
 * renamed, it stays. But where a name was handed on (`c` was `b`, and `b` was `a`), each takes what was its own.
 */
export function claimNames<C extends Claimant, H extends Holder>(
  claimants: readonly C[],
  holders: readonly H[],
): Claims<C, H> {
  // On a first apply nothing is there, thirty times an org.
  if (holders.length === 0) return { held: new Map(), left: new Set() };
  const named = byName(holders);
  const left = new Set(holders);
  const held = new Map<C, H>();
  const claimedBy = new Map<H, C>();
  const give = (claimant: C, holder: H) => {
    held.set(claimant, holder);
    claimedBy.set(holder, claimant);
    left.delete(holder);
  };
  for (const names of [named.applied, named.now]) {
    for (const claimant of claimants) {
      const holder = names.get(claimant.key);
      if (holder && left.has(holder) && !held.has(claimant)) give(claimant, holder);
    }
  }
  /** Finds what a claimant was called earlier; whoever bears that name by now may have to move on first. */
  const takeEarlier = (claimant: C, moving: ReadonlySet<C>): boolean => {
    for (const earlier of claimant.previously) {
      const holder = named.applied.get(earlier) ?? named.now.get(earlier);
      const bearer = holder && claimedBy.get(holder);
      if (!holder || (bearer && (moving.has(bearer) || !takeEarlier(bearer, new Set([...moving, bearer])))))
        continue;
      give(claimant, holder);
      return true;
    }
    return false;
  };
  for (const claimant of claimants) {
    if (claimant.previously.length > 0 && !held.has(claimant)) takeEarlier(claimant, new Set([claimant]));
  }
  return { held, left };
}

/** The earlier names that are still borne although their claimant has another: neither can become the other. */
export function clashesOf<C extends Claimant, H extends Holder>(
  claimants: readonly C[],
  { held, left }: Claims<C, H>,
): readonly { readonly claimant: C; readonly earlier: string }[] {
  const borne = new Set([...left].map(({ applied }) => applied));
  return claimants.flatMap((claimant) =>
    held.has(claimant)
      ? claimant.previously.filter((name) => borne.has(name)).map((earlier) => ({ claimant, earlier }))
      : [],
  );
}

/** What somebody renamed by hand goes by its applied name, unless another bears that by now. */
function byName<H extends Holder>(holders: readonly H[]) {
  const applied = new Map<string, H>();
  for (const holder of holders) if (holder.applied === holder.key) applied.set(holder.key, holder);
  for (const holder of holders) if (!applied.has(holder.applied)) applied.set(holder.applied, holder);
  return { applied, now: new Map(holders.map((holder) => [holder.key, holder])) };
}
