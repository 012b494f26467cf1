import { addressOf } from "../model/address.ts";
import { descriptorOf, type Kind } from "../model/kinds.ts";
import { catalogId } from "../model/state.ts";
import type { Plan } from "../plan/plan.ts";
import type { JsonRow } from "./reliance.ts";
import type { Transaction } from "./transaction.ts";

/** A row of which one wants to know what people call it. */
export interface NamelessRow {
  readonly orgId: string;
  readonly kind: Kind;
  readonly rowId: string;
  readonly row: JsonRow;
}

/** The addresses of rows, parents first; what they refer to is named as the plan knows it, or as one of them is. */
export async function namesOfRows(
  transaction: Transaction,
  plan: Plan,
  rows: readonly NamelessRow[],
): Promise<readonly string[]> {
  const { rows: orgs } = await transaction.query<{ id: string; slug: string }>(
    "select org_id as id, slug from org where org_id = any($1::uuid[])",
    [[...new Set(rows.map(({ orgId }) => orgId))]],
  );
  const slugs = new Map(orgs.map(({ id, slug }) => [id, slug]));
  for (const { orgId, org } of plan.scopes) if (org !== null && !slugs.has(orgId)) slugs.set(orgId, org);
  const keys = knownKeys(plan, new Set(rows.map(({ orgId }) => orgId)));
  return rows.map(({ orgId, kind, rowId, row }) => {
    const key = keyOf(kind, row, keys);
    keys.set(rowId, key);
    return addressOf(orgId === catalogId ? null : (slugs.get(orgId) ?? orgId), kind, key);
  });
}

function knownKeys(plan: Plan, orgIds: ReadonlySet<string>): Map<string, string> {
  const keys = new Map<string, string>();
  const known = plan.scopes.filter(({ orgId }) => orgIds.has(orgId)).map(({ ids }) => ids);
  for (const ids of [plan.catalogIds, ...known]) {
    for (const ofKind of ids.values()) for (const [key, id] of ofKind) keys.set(id, key);
  }
  return keys;
}

function keyOf(kind: Kind, row: JsonRow, keys: ReadonlyMap<string, string>): string {
  const { identity, fields, key } = descriptorOf(kind);
  const named = identity.map((name) => {
    if (fields[name]?.type !== "reference") return [name, row[name] ?? null];
    const id = row[`${name}_id`];
    return [name, typeof id === "string" ? (keys.get(id) ?? id) : null];
  });
  return key(Object.fromEntries(named));
}
