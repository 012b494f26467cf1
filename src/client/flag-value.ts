import type { Value } from "../model/value.ts";

/** A flag's value if it has the fallback's type, else the fallback. A fallback of null says nothing of the type. */
export function valueOr<T extends Value>(value: Value, fallback: T): T {
  if (value === null) return fallback;
  return fallback === null || typeOf(value) === typeOf(fallback) ? (value as T) : fallback;
}

function typeOf(value: Value): string {
  return Array.isArray(value) ? "list" : typeof value;
}
