import type { Plan } from "../plan/plan.ts";
import type { Transaction } from "./transaction.ts";

/** Notes the slugs and ids of the orgs that a plan deletes, so that nobody takes them again unseen. */
export async function buryOrgs(transaction: Transaction, plan: Plan, revision: number): Promise<void> {
  const gone = plan.scopes.flatMap(({ orgId, changes }) =>
    changes.flatMap((change) =>
      change.kind === "org" && change.action === "delete" ? [{ orgId, slug: change.before.slug }] : [],
    ),
  );
  if (gone.length === 0) return;
  // Of a slug that was buried before, the first that bore it stays noted.
  await transaction.query(
    `insert into tombstone (slug, org_id, revision)
     select slug, org_id, $3 from unnest($1::text[], $2::uuid[]) as gone (slug, org_id)
     on conflict (slug) do nothing`,
    [gone.map(({ slug }) => slug), gone.map(({ orgId }) => orgId), revision],
  );
}

/** When each of some slugs was buried, in canonical form; those that never were are left out. */
export async function readBuried(
  transaction: Transaction,
  slugs: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (slugs.length === 0) return new Map();
  const { rows } = await transaction.query<{ slug: string; at: string }>(
    `select slug, to_char(at, 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as at from tombstone where slug = any($1)`,
    [slugs],
  );
  return new Map(rows.map(({ slug, at }) => [slug, at]));
}
