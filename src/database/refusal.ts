import { ChangeRefused } from "./database-error.ts";
import { sqlStateOf } from "./sql-state.ts";

/**
 * Says in words what the database refused; null for any other error. The server's own detail is left out,
 * and so is the cause: it quotes whole rows.
 */
export function refusal(error: unknown): ChangeRefused | null {
  const state = sqlStateOf(error);
  if (!/^2[23]/.test(state)) return null;
  const { constraint, table, column } = error as ServerError;
  const rows = `of ${table ?? "a table"}`;
  const rule = constraint ? ` (${constraint})` : "";
  return new ChangeRefused(`${sentence(state, rows, column ?? "a value")}${rule} Nothing was written.`, {
    constraint: constraint ?? null,
    table: table ?? null,
  });
}

interface ServerError extends Error {
  readonly constraint?: string;
  readonly table?: string;
  readonly column?: string;
}

function sentence(state: string, rows: string, column: string): string {
  switch (state) {
    case "23505":
      return `Two rows ${rows} would have the same name.`;
    case "23503":
      return `A row ${rows} would refer to something that is not there.`;
    case "23502":
      return `A row ${rows} would have no ${column}.`;
    case "23514":
      return `A row ${rows} would break one of its rules.`;
    default:
      return `A value ${rows} is not of the kind that its column holds.`;
  }
}
