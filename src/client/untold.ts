/** From where an org's stream of events has to begin, so that nothing passes between the first answer and its first word. */
export interface Untold {
  /** Whatever was answered before the stream was there may be out of date since; null: nothing was answered. */
  readonly since: () => string | null;
  /** The stream is there, and tells of everything after that position. */
  readonly begin: (position: string) => void;
  /** The stream is given up, and has told of everything up to that position. */
  readonly end: (position: string | null) => void;
  /** Something is asked; gives what to call with where its answer stands. */
  readonly ask: () => (position: string | null) => void;
}

/** Positions are the ids of events. Calls back where an answer comes late that the stream may not have told of. */
export function untoldAnswers(onUntold: () => void): Untold {
  let since: string | null = null;
  let begun: string | null = null;
  return {
    since: () => since,
    begin(position) {
      begun = position;
      since = null;
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
