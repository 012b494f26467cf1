import type { Kind } from "../model/kinds.ts";

/** Kinds that people call by another word than the table's name. */
const words: { readonly [K in Kind]?: readonly [one: string, many: string] } = {
  binding: ["held role", "held roles"],
  catalog_role: ["role", "roles"],
  catalog_rate_limit: ["rate limit", "rate limits"],
  plan_version: ["version of a plan", "versions of plans"],
  sso: ["SSO connection", "SSO connections"],
  join_rule: ["join rule", "join rules"],
  api_key: ["API key", "API keys"],
};

/** `1 member`, `12 flag overrides`. */
export function countOf(count: number, kind: Kind): string {
  return `${count} ${wordFor(count, kind)}`;
}

/** `member` of one, `members` of many. */
export function wordFor(count: number, kind: Kind): string {
  const name = kind.replaceAll("_", " ");
  const [one, many] = words[kind] ?? [name, name.endsWith("y") ? `${name.slice(0, -1)}ies` : `${name}s`];
  return count === 1 ? one : many;
}
