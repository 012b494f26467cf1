import type { Database } from "../database/connect.ts";
import { readActual, readSlugs } from "../database/read-actual.ts";
import { addressOf } from "../model/address.ts";
import { matchScope } from "../plan/match-scope.ts";
import type { ShownRow } from "../view/org-text.ts";

/** An org as the database holds it; rows are null where there is none of that slug. */
export interface FoundOrg {
  readonly id: string | null;
  readonly rows: readonly (ShownRow & { readonly address: string; readonly origin: string })[] | null;
  /** Where it is not there: the slugs that are. */
  readonly slugs: readonly string[];
}

/** Reads one org, with keys in place of ids. */
export async function readOrg(database: Database, slug: string): Promise<FoundOrg> {
  const actual = await readActual(database, { orgs: [slug] });
  const [scope] = actual.orgs;
  if (!scope) return { id: null, rows: null, slugs: await readSlugs(database) };
  // Nothing is declared here, so that every row is left with the key that it has.
  const noNewRows = () => {
    throw new Error("Showing an org makes no rows.");
  };
  const catalog = matchScope(null, actual.catalog, () => undefined, noNewRows);
  const keys = new Map(catalog.pairs.map(({ id, key }) => [id, key]));
  const { pairs } = matchScope(null, scope, (id) => keys.get(id), noNewRows);
  const rows = pairs.flatMap(({ kind, key, before, actual: row }) =>
    row
      ? [
          {
            address: addressOf(slug, kind, key),
            kind,
            key,
            fields: before,
            origin: row.origin,
            managed: row.managed,
          },
        ]
      : [],
  );
  return { id: scope.orgId, rows, slugs: [slug] };
}
