import { descriptorOf } from "../model/kinds.ts";
import { sameValue } from "../model/value.ts";
import type { Wanted } from "./wanted.ts";
import { type DeclaredRow, wantedValue } from "./wanted-value.ts";

/** Where the fields of an org stand in its manifest; the others are not edited. */
const paths: { readonly [field: string]: readonly string[] } = {
  name: ["name"],
  description: ["description"],
  status: ["status"],
  primary_domain: ["primary_domain"],
  industry: ["industry"],
  contact_email: ["contacts", "primary"],
  billing_email: ["contacts", "billing"],
  support_tier: ["support_tier"],
  attributes: ["attributes"],
  metadata: ["metadata"],
  templates: ["templates"],
  protected: ["protected"],
  purge_after: ["purge_after"],
  created_at: ["created"],
};

/** What an org's manifest has to say of some of its fields; null takes a field away. */
export function wantedOrgFields(
  { fields, managed }: DeclaredRow,
  names: readonly string[],
): (readonly [path: readonly string[], wanted: Wanted | null | "by hand"])[] {
  const known = descriptorOf("org").fields;
  return names.map((name) => {
    const path = paths[name];
    const field = known[name];
    if (!path || !field) return [[name], "by hand"];
    const value = fields[name] ?? null;
    const usual = "default" in field ? (field.default ?? null) : null;
    const isSaid = managed?.includes(name) && value !== null && !sameValue(value, usual);
    return [path, isSaid ? wantedValue(value, field.type) : null];
  });
}
