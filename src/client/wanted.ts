import type { Query } from "./client.ts";

/** What a question asks for, by its name. */
export interface Wanted {
  readonly kind: "permission" | "flag" | "entitlement";
  readonly name: string;
}

/** Throws `TypeError` for a question that asks for nothing. */
export function wantedOf(query: Query): Wanted {
  if ("permission" in query) return { kind: "permission", name: query.permission };
  if ("flag" in query) return { kind: "flag", name: query.flag };
  if ("entitlement" in query) return { kind: "entitlement", name: query.entitlement };
  throw new TypeError("A question asks for a permission, a flag or an entitlement.");
}

/** As many questions are answered in one call. */
export const mostQuestions = 1_000;

/** Throws `RangeError` for more questions than one call answers. */
export function assertNotTooMany(queries: readonly Query[]): void {
  if (queries.length > mostQuestions)
    throw new RangeError(`Ask at most ${mostQuestions} questions in one call, and not ${queries.length}.`);
}
