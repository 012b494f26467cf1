import type { Placing, Report } from "../place.ts";

/** Something that may have had other names before. */
export interface Renamed {
  readonly name: string;
  readonly previously: readonly string[];
  readonly place: Placing;
  /** Where one of its earlier names stands. */
  readonly placeOf: (index: number) => Placing;
}

/** Reports earlier names that something still bears, and those that two claim: neither says what is to be renamed. */
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
      if (bearer) {
        const detail =
          bearer === one
            ? `"${earlier}" is its name still. Write names that it had before.`
            : `"${earlier}" is still declared, so that "${one.name}" cannot be its new name. Take one of the two away.`;
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
