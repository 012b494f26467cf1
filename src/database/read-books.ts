import { catalogId } from "../model/state.ts";
import type { Transaction } from "./transaction.ts";

/** What the books say of one org, or of the catalog: enough to tell whether it has to be looked at. */
export interface Books {
  readonly orgId: string;
  /** null: the catalog, and orgs that are gone. */
  readonly slug: string | null;
  readonly status: string | null;
  /** Whether the manifests own the org. */
  readonly isManaged: boolean;
  readonly counter: number;
  readonly appliedCounter: number;
  readonly sourceDigest: string | null;
  readonly desiredDigest: string | null;
  /** In milliseconds since 1970; null: nothing lapses or begins with time. */
  readonly nextDue: number | null;
}

const between = { fields: "\x1f", rows: "\x1e" };

/** Reads the books of the catalog and of every org: one value, because ten thousand result rows would take longer. */
export async function readBooks(
  transaction: Transaction,
): Promise<{ readonly catalog: Books; readonly orgs: readonly Books[] }> {
  const { rows } = await transaction.query<{ books: string }>(
    `select string_agg(
       concat_ws($1, coalesce(o.org_id, b.org_id), coalesce(o.slug, ''), coalesce(o.status, ''), o.managed is not null,
         coalesce(b.change_counter, 0), coalesce(b.applied_counter, 0),
         coalesce(b.source_digest, ''), coalesce(b.desired_digest, ''),
         coalesce((extract(epoch from b.next_due) * 1000)::bigint::text, '')), $2) as books
     from org_books b full join org o using (org_id)
     where o.org_id is not null or b.org_id = $3`,
    [between.fields, between.rows, catalogId],
  );
  const all = (rows[0]?.books ?? "").split(between.rows).map(parse);
  const catalog = all.find(({ orgId }) => orgId === catalogId);
  if (!catalog) throw new Error("The books of the catalog are lost.");
  return { catalog, orgs: all.filter((books) => books !== catalog) };
}

function parse(text: string): Books {
  const [orgId = "", slug, status, managed, counter, applied, source, desired, due] = text.split(
    between.fields,
  );
  return {
    orgId,
    slug: slug || null,
    status: status || null,
    isManaged: managed === "t",
    counter: Number(counter),
    appliedCounter: Number(applied),
    sourceDigest: source || null,
    desiredDigest: desired || null,
    nextDue: due ? Number(due) : null,
  };
}
