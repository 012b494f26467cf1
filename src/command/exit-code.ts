/** What the process tells its caller. Scripts rely on these. */
export const exitCode = {
  /** Done, or nothing to do. */
  done: 0,
  /** The input is faulty, or something failed; nothing was changed. */
  error: 1,
  /** There are changes; only where --detailed-exitcode asks for it. */
  changes: 2,
  /** The database changed since the plan was made. */
  stale: 3,
  /** A guard or a test refused; so does a plan of manifests that are not there, or cannot be read. */
  refused: 4,
  /** Another apply holds the lock. */
  locked: 5,
  /** The answer to the commit was lost: the change may have been made or not. */
  unknown: 6,
} as const;

export type ExitCode = (typeof exitCode)[keyof typeof exitCode];
