/** What was asked for cannot be done as it was asked for. */
export class UsageError extends Error {
  readonly code = "usage";
}
