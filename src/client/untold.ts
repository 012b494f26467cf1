/** From where an org's stream of events has to begin, so that nothing passes between the first answer and its first word. */
export interface Untold {
  /** Whatever was answered before the stream was there may be out of date since; null: nothing was answered. */
  readonly since: () => string | null;
  /** The stream is there, and tells of everything after that position; `isTold`: and of what was before it. */
  readonly begin: (position: string, isTold: boolean) => void;
  /** The stream is given up, and has told of everything up to that position. */
  readonly end: (position: string | null) => void;
  /** Something is asked; gives what to call with where its answer stands. */
  readonly ask: () => (position: string | null) => void;
}

/** Positions are the ids of events. Calls back where something was answered that the stream may not tell of. */
export function untoldAnswers(onUntold: () => void): Untold {
  let since: string | null = null;
  let begun: string | null = null;
  return {
    since: () => since,
    begin(position, isTold) {
      const isUntold = !isTold && since !== null && stateOf(since) !== stateOf(position);
      begun = position;
      since = null;
      if (isUntold) onUntold();
    },
    end(position) {
      begun = null;
      since = position ?? since;
    },
    ask() {
      const isTold = begun !== null;
      return (position) => {
        if (isTold || position === null) return;
        if (begun === null) since ??= position;
        else if (stateOf(position) !== stateOf(begun)) onUntold();
      };
    },
  };
}

/** Without the time at which it was said. */
function stateOf(position: string): string {
  return position.split(".", 3).join(".");
}
