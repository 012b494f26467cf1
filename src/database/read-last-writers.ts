import type { Writer } from "../model/state.ts";
import { canonicalTime } from "../model/value.ts";
import type { ScopePlan } from "../plan/plan.ts";
import type { Database } from "./connect.ts";
import { inTransaction } from "./in-transaction.ts";

export type LastWriter = Writer & { readonly revision: number | null };

/** By row, who wrote each of the rows last that a plan is about, and the revision where it was an apply. */
export async function readLastWriters(
  database: Database,
  scopes: readonly ScopePlan[],
): Promise<ReadonlyMap<string, LastWriter>> {
  const rows = scopes.flatMap(({ orgId, changes }) => changes.map(({ id }) => ({ orgId, id })));
  return inTransaction(database, "apply", { readOnly: true }, async (transaction) => {
    const answer = await transaction.query<
      Writer & { readonly row_id: string; readonly revision: string | null }
    >(
      `select e.row_id, e.login, e.application, e.actor, to_json(e.at) as at, s.revision
       from unnest($1::uuid[], $2::uuid[]) as asked (org_id, row_id)
       join lateral (
         select * from audit e where e.org_id = asked.org_id and e.row_id = asked.row_id
         order by e.id desc limit 1
       ) e on true
       join lateral (
         select c.revision from change_set c where c.org_id = e.org_id and c.xid = e.xid
         order by abs(extract(epoch from c.at - e.at)) limit 1
       ) s on true`,
      [rows.map(({ orgId }) => orgId), rows.map(({ id }) => id)],
    );
    return new Map(
      answer.rows.map(({ row_id, at, revision, ...by }) => {
        const number = revision === null ? null : Number(revision);
        return [row_id, { ...by, at: canonicalTime(at), revision: number }] as const;
      }),
    );
  });
}
