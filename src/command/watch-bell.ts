/** Wakes a loop that sleeps between its rounds. */
export interface Bell {
  readonly ring: () => void;
  /**
   * Sleeps until the bell rings (true), the time in seconds has passed, or the signal is aborted (false).
   * A ring that nobody slept through is not lost. Null: there is no time after which to wake.
   */
  readonly sleep: (seconds: number | null, signal: AbortSignal) => Promise<boolean>;
}

/** Timers hold 31 bits of milliseconds: beyond that they would fire at once. */
const longest = 2 ** 31 - 1;

export function makeBell(): Bell {
  let isRung = false;
  let wake: () => void = () => {};
  return {
    ring() {
      isRung = true;
      wake();
    },
    async sleep(seconds, signal) {
      if (!isRung && !signal.aborted) {
        const woken = new Promise<void>((resolve) => {
          wake = resolve;
        });
        // An interval also where nobody set one: something has to keep the process alive.
        const timer = setTimeout(() => wake(), Math.min((seconds ?? longest) * 1_000, longest));
        const stop = () => wake();
        signal.addEventListener("abort", stop);
        await woken;
        clearTimeout(timer);
        signal.removeEventListener("abort", stop);
      }
      const rang = isRung;
      isRung = false;
      return rang;
    },
  };
}
