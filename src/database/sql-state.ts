/** The SQLSTATE of an error that a server sent, by either engine's driver; empty for any other error. */
export function sqlStateOf(error: unknown): string {
  if (!(error instanceof Error) || !("severity" in error) || !("code" in error)) return "";
  return String(error.code);
}

/** The states that code here decides by. */
export const sqlState = {
  invalidSchema: "3F000",
  undefinedTable: "42P01",
  insufficientPrivilege: "42501",
  deadlock: "40P01",
  serializationFailure: "40001",
  lockNotAvailable: "55P03",
} as const;
