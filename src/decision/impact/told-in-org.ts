import { byCodeUnit } from "../../model/value.ts";
import { toldPlaces } from "./told-places.ts";

/** What is answered at a place of an org. */
export interface AnsweredAt {
  /** `web` or `web/live`; null: the whole org. */
  readonly place: string | null;
  /** Equal where it moves alike; null: it does not move there. */
  readonly text: string | null;
}

export type Told<A> = A & { readonly except: readonly string[] };

/** Where in an org it has to be told that an answer moves: of the whole org, then workspaces, then environments. */
export function toldInOrg<A extends AnsweredAt>(answered: readonly A[]): readonly Told<A>[] {
  const numbers = new Map(answered.map(({ place }, index) => [place, index]));
  // An environment's key begins with its workspace: `web/live`.
  const around = (place: string) =>
    place.includes("/") ? (numbers.get(place.slice(0, place.indexOf("/"))) ?? 0) : 0;
  const told = toldPlaces(
    answered.map(({ place, text }) => ({ around: place === null ? null : around(place), text })),
  );
  return answered.flatMap((each, index) => {
    const except = told[index]?.map((at) => answered[at]?.place ?? "").sort(byCodeUnit);
    return except ? [{ ...each, except }] : [];
  });
}
