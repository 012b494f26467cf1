/** More wait for their turn already than there is patience for. */
export class TooManyWaiting extends Error {
  readonly code = "too-many-waiting";
}

/** How many may be at work at once, and how many may wait for that. */
export interface Limits {
  readonly atWork: number;
  readonly waiting: number;
}

/** Runs work for no more than so many at once; the others wait their turn. Rejects with `TooManyWaiting` beyond those. */
export function limited({ atWork, waiting: mostWaiting }: Limits): <T>(work: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let free = atWork;
  return async (work) => {
    if (free > 0) free--;
    else if (waiting.length < mostWaiting) await new Promise<void>((resolve) => waiting.push(resolve));
    else throw new TooManyWaiting("Too many wait for their turn already.");
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free++;
    }
  };
}
