import { DatabaseUnreachable } from "../database/database-error.ts";

/** How long those wait who ask for what only the database knows. */
export interface BoundedWaits {
  /** Does what asks the database, and learns from how it ends whether somebody answers there. */
  readonly attempt: <T>(work: () => Promise<T>) => Promise<T>;
  /**
   * Gives what an attempt comes to; rejects with `DatabaseUnreachable` where it takes too long, while the attempt goes on.
   * Where the database is known not to answer, only one who asks it again waits, and not for long.
   */
  readonly wait: <T>(work: () => Promise<T>) => Promise<T>;
}

/** How long a database is waited for that did not answer the last time, in milliseconds. */
const shortest = 250;

/** Waits of so many milliseconds at most; as long as it takes where nothing is said. */
export function boundedWaits(milliseconds = Number.POSITIVE_INFINITY): BoundedWaits {
  let isSilent = false;
  let underWay = 0;
  return {
    async attempt(work) {
      underWay++;
      try {
        const found = await work();
        isSilent = false;
        return found;
      } catch (error) {
        isSilent = error instanceof DatabaseUnreachable;
        throw error;
      } finally {
        underWay--;
      }
    },
    async wait(work) {
      if (milliseconds === Number.POSITIVE_INFINITY) return work();
      // Whoever asks already will hear it first when somebody answers again; a flood is not to wait in line for that.
      if (isSilent && underWay > 0) throw unanswered();
      return new Promise((resolve, reject) => {
        const giveUp = () => {
          isSilent = true;
          reject(unanswered());
        };
        const deadline = setTimeout(giveUp, isSilent ? Math.min(shortest, milliseconds) : milliseconds);
        work()
          .then(resolve, reject)
          .finally(() => clearTimeout(deadline));
      });
    },
  };
}

function unanswered(): DatabaseUnreachable {
  return new DatabaseUnreachable("The database did not answer in time.");
}
