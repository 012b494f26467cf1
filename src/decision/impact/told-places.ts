/** Whether something moves at a place. */
export interface MovedAt {
  /** Which of the places before it is the nearest around it; null: none of them is. */
  readonly around: number | null;
  /** Equal where it moves alike; null: it does not move there. */
  readonly text: string | null;
}

/**
 * Where it has to be told that something moves, of places given with the wider first: not again where it moves alike
 * around it. With each, the nearest places within it, by their number, where what is told of it is not so; null: it is
 * not told there. So whoever reads of a place looks for the nearest that is named, and whether it is excepted there.
 */
export function toldPlaces(places: readonly MovedAt[]): readonly (readonly number[] | null)[] {
  const told: (number[] | null)[] = [];
  // By place, the one at which it is told what moves there.
  const tellers: (number | null)[] = [];
  for (const [index, { around, text }] of places.entries()) {
    const wider = around === null ? null : (places[around]?.text ?? null);
    const teller = around === null ? null : (tellers[around] ?? null);
    const isAlike = text === wider;
    if (!isAlike && teller !== null) told[teller]?.push(index);
    tellers.push(isAlike ? teller : text === null ? null : index);
    told.push(isAlike || text === null ? null : []);
  }
  return told;
}
