import type { Kind } from "../model/kinds.ts";
import type { Value } from "../model/value.ts";
import type { Transaction } from "./transaction.ts";

/** One row's change, as the database wrote it down. */
export interface AuditEvent {
  readonly id: number;
  readonly at: string;
  readonly kind: Kind;
  readonly row: string;
  readonly action: "insert" | "update" | "delete";
  /** The whole row as it was, as the table has it; null where there was none. */
  readonly before: Value;
  readonly login: string;
  readonly application: string | null;
  readonly actor: string | null;
}

/** Everything that ever happened to an org's rows, oldest first. */
export async function readOrgAudit(transaction: Transaction, orgId: string): Promise<readonly AuditEvent[]> {
  const { rows } = await transaction.query<{ events: readonly AuditEvent[] | null }>(
    `select json_agg(json_build_object(
       'id', id, 'at', to_char(at, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), 'kind', kind, 'row', row_id, 'action', action,
       'before', before, 'login', login, 'application', application, 'actor', actor
     ) order by id) as events
     from audit where org_id = $1`,
    [orgId],
  );
  return rows[0]?.events ?? [];
}
