import { catalogId } from "../model/state.ts";
import { canonicalTime } from "../model/value.ts";
import type { Database } from "./connect.ts";
import { inTransaction } from "./in-transaction.ts";
import { orgNamed, type TimelineQuery } from "./read-timeline.ts";

/** What became of a key, or who was let in or refused. */
export interface AccessEvent {
  readonly event: number;
  readonly at: string;
  readonly keyId: string | null;
  readonly keyName: string | null;
  readonly what: "created" | "changed" | "revoked" | "deleted" | "exchanged" | "refused";
  readonly reason: string | null;
  /** How many refusals it stands for. */
  readonly count: number;
  readonly by: { readonly login: string; readonly application: string | null; readonly actor: string | null };
}

/** What was noted of an org's keys, newest first; for the catalog, of the keys of services and of what nobody knows. */
export async function readAccessEvents(
  database: Database,
  query: Omit<TimelineQuery, "kinds">,
): Promise<readonly AccessEvent[]> {
  return inTransaction(database, "apply", { readOnly: true }, async (transaction) => {
    const { rows } = await transaction.query<AccessEvent>(
      `select id::float8 as event, to_json(at)#>>'{}' as at, key_id as "keyId", key_name as "keyName", event as what, reason, count,
         json_build_object('login', login, 'application', application, 'actor', actor) as by
       from access_event
       where org_id is not distinct from (select nullif((${orgNamed}), '${catalogId}'::uuid)) and at >= $2
         and (org_id is not null or (${orgNamed}) is not null)
       order by id desc limit $3`,
      [query.org, query.since ?? "-infinity", query.limit],
    );
    return rows.map((row) => ({ ...row, at: canonicalTime(row.at) }));
  });
}
