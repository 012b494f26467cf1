import type { Database } from "../database/connect.ts";
import { inTransaction } from "../database/in-transaction.ts";
import { readCatalog, readOrgs } from "../database/read-actual.ts";
import { readEstate } from "../database/read-estate.ts";
import { type AuditEvent, readOrgAudit } from "../database/read-org-audit.ts";
import { addressOf } from "../model/address.ts";
import type { Kind } from "../model/kinds.ts";
import type { Origin } from "../model/state.ts";
import { byCodeUnit, canonicalTime, type Value } from "../model/value.ts";
import { matchScope } from "../plan/match-scope.ts";

/** Everything that the database holds of one org, of every origin, and all that ever happened to it. */
export interface OrgExport {
  readonly format: "tenantry/org-export/v1";
  readonly exported: string;
  readonly epoch: string;
  readonly revision: number;
  readonly org: string;
  readonly id: string;
  /** Sorted by address. */
  readonly resources: readonly ExportedRow[];
  readonly audit: readonly AuditEvent[];
}

export interface ExportedRow {
  readonly address: string;
  readonly kind: Kind;
  readonly id: string;
  readonly origin: Origin;
  /** The fields that the manifests own; null where the row is not theirs. */
  readonly managed: readonly string[] | null;
  /** References are keys. */
  readonly fields: Readonly<Record<string, Value>>;
}

/** Reads an org with its audit in one snapshot of the database; null where there is none of that slug. */
export async function exportOrg(database: Database, slug: string, now: Date): Promise<OrgExport | null> {
  const snapshot = { isolation: "repeatable read", readOnly: true } as const;
  return inTransaction(database, "apply", snapshot, async (transaction) => {
    const org = await transaction.kysely
      .selectFrom("org")
      .select("org_id")
      .where("slug", "=", slug)
      .executeTakeFirst();
    if (!org) return null;
    const { epoch, revision } = await readEstate(transaction);
    const named = matchScope(null, await readCatalog(transaction), () => undefined, noNewRows);
    const keys = new Map(named.pairs.map(({ id, key }) => [id, key]));
    const [scope = null] = await readOrgs(transaction, [{ id: org.org_id, slug, counter: 0 }]);
    const { pairs } = matchScope(null, scope, (id) => keys.get(id), noNewRows);
    const resources = pairs.flatMap(({ kind, key, id, before, actual }): ExportedRow[] =>
      actual
        ? [
            {
              address: addressOf(slug, kind, key),
              kind,
              id,
              origin: actual.origin,
              managed: actual.managed,
              fields: before,
            },
          ]
        : [],
    );
    return {
      format: "tenantry/org-export/v1",
      exported: canonicalTime(now.toISOString()),
      epoch,
      revision,
      org: slug,
      id: org.org_id,
      resources: resources.sort((a, b) => byCodeUnit(`${a.address} ${a.id}`, `${b.address} ${b.id}`)),
      audit: await readOrgAudit(transaction, org.org_id),
    };
  });
}

function noNewRows(): never {
  throw new Error("Exporting an org makes no rows.");
}
