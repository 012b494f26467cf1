import { addressOf } from "../model/address.ts";
import { ChangeRefused } from "./database-error.ts";
import { sqlStateOf } from "./sql-state.ts";
import type { PlacedChange } from "./writing.ts";

/** A constraint that was broken, as far as the server names it. */
export interface Refused {
  readonly state: string;
  readonly constraint: string | null;
  readonly table: string | null;
  readonly column: string | null;
}

/** What the database refused; null for any other error. The server's own detail is left out: it quotes whole rows. */
export function refusedIn(error: unknown): Refused | null {
  const state = sqlStateOf(error);
  if (!/^2[23]/.test(state)) return null;
  const { constraint = null, table = null, column = null } = error as ServerError;
  return { state, constraint, table, column };
}

/** Says a refusal in words, without the row's values. */
export function refusal(
  { state, constraint, table, column }: Refused,
  found: PlacedChange | null,
): ChangeRefused {
  const address = found && addressOf(found.scope.org, found.change.kind, found.change.key);
  const where = address === null ? "" : `${address}: `;
  const said = sentence(state, `of ${table ?? "a table"}`, column ?? "a value");
  const rule = constraint ? ` (${constraint})` : "";
  return new ChangeRefused(`${where}${said}${rule} Nothing was written.`, {
    constraint,
    table,
    address,
    at: found?.change.path ? { org: found.scope.org, path: found.change.path } : null,
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
