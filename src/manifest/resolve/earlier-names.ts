import type { Placing, Report } from "../place.ts";

/** Something that may have had other names before. */
export interface Renamed {
  readonly name: string;
  readonly previously: readonly string[];
  readonly place: Placing;
  /** Where one of its earlier names stands. */
  readonly placeOf: (index: number) => Placing;
}

/**
 * Reports earlier names that something still bears, and those that two claim: neither says what is to be renamed.
 * A name may be handed on (`c` was `b`, and `b` was `a`), but not in a circle: once done, it would be done again.
 */
export function checkEarlierNames(all: Iterable<Renamed>, report: Report): void {
  const live = new Map<string, Renamed>();
  const claimed = new Map<string, { readonly by: Renamed; readonly place: Placing }>();
  const renamed: Renamed[] = [];
  for (const one of all) {
    if (!live.has(one.name)) live.set(one.name, one);
    if (one.previously.length > 0) renamed.push(one);
  }
  for (const one of renamed) {
    for (const [index, earlier] of one.previously.entries()) {
      const place = one.placeOf(index);
      const bearer = live.get(earlier);
      const other = claimed.get(earlier);
      if (bearer && (bearer === one || !isHandedOn(one, bearer, live))) {
        const detail = stillBorne(one, bearer);
        const notes = bearer === one ? [] : [{ message: `"${earlier}" is declared`, place: bearer.place }];
        report("previously-live", place, detail, notes);
      } else if (other && other.by !== one) {
        const detail = `Only one of "${other.by.name}" and "${one.name}" can have been "${earlier}". Take it away from the other.`;
        report("claimed-twice", place, detail, [{ message: "first claimed", place: other.place }]);
      } else {
        claimed.set(earlier, { by: one, place });
      }
    }
  }
}

function stillBorne(one: Renamed, bearer: Renamed): string {
  if (bearer === one) return `"${bearer.name}" is its name still. Write names that it had before.`;
  if (bearer.previously.length > 0)
    return `"${bearer.name}" and "${one.name}" cannot change places in one step. Give one of them a third name and apply; then give both the names that they are to have.`;
  return `"${bearer.name}" is still declared, so that "${one.name}" cannot be its new name. Take one of the two away.`;
}

/** Whether who bears a name by now had another before, and so on, to one that nobody bears any more. */
function isHandedOn(to: Renamed, bearer: Renamed, live: ReadonlyMap<string, Renamed>): boolean {
  const seen = new Set([to, bearer]);
  const waiting = [bearer];
  for (const one of waiting) {
    for (const earlier of one.previously) {
      const next = live.get(earlier);
      if (!next) continue;
      if (seen.has(next)) return false;
      seen.add(next);
      waiting.push(next);
    }
  }
  return bearer.previously.length > 0;
}
