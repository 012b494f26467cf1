import { descriptorOf, type Kind } from "../model/kinds.ts";
import { kindsInOrder } from "../model/order.ts";
import { byCodeUnit } from "../model/value.ts";
import type { UseElsewhere } from "../plan/find-uses.ts";
import { columnOf } from "./column.ts";
import type { Transaction } from "./transaction.ts";

/** Finds the orgs, but for those that were read, whose rows refer to some rows of the catalog; whoever made them. */
export async function findUsesElsewhere(
  transaction: Transaction,
  ids: readonly string[],
  readOrgIds: readonly string[],
): Promise<UseElsewhere[]> {
  if (ids.length === 0) return [];
  const references = kindsInOrder.flatMap(referencesToCatalog);
  const { rows } = await transaction.query<{
    readonly id: string;
    readonly kind: Kind;
    readonly orgs: readonly (readonly [orgId: string, slug: string])[];
  }>(
    `select u.id, u.kind, json_agg(distinct jsonb_build_array(o.org_id, o.slug)) as orgs
     from (${references.join(" union all ")}) u
     join org o using (org_id)
     where not u.org_id = any($2)
     group by u.id, u.kind`,
    [ids, readOrgIds],
  );
  return rows
    .map(({ id, kind, orgs }) => ({
      id,
      kind,
      orgs: orgs.map(([orgId, slug]) => ({ orgId, slug })).sort((a, b) => byCodeUnit(a.slug, b.slug)),
    }))
    .sort((a, b) => byCodeUnit(`${a.id} ${a.kind}`, `${b.id} ${b.kind}`));
}

function referencesToCatalog(kind: Kind): string[] {
  const { tier, fields } = descriptorOf(kind);
  if (tier !== "org") return [];
  return Object.entries(fields).flatMap(([name, field]) => {
    if (field.type !== "reference" || descriptorOf(field.to as Kind).tier !== "catalog") return [];
    const column = columnOf(name, field);
    return [`select ${column} as id, '${kind}' as kind, org_id from ${kind} where ${column} = any($1)`];
  });
}
