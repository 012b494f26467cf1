import type { Database } from "../database/connect.ts";
import { readActual, readSlugs } from "../database/read-actual.ts";
import { readActualAt } from "../database/read-actual-at.ts";
import { findOrgEver } from "../database/read-timeline.ts";
import { addressOf } from "../model/address.ts";
import type { ActualState } from "../model/state.ts";
import { matchScope } from "../plan/match-scope.ts";
import type { ShownRow } from "../view/org-text.ts";

/** An org as the database holds it, or held it. */
export interface FoundOrg {
  readonly id: string;
  /** What it is called, or was then. */
  readonly slug: string;
  readonly rows: readonly (ShownRow & { readonly address: string; readonly origin: string })[];
}

/** Where an org is not there: the slugs that are. */
export interface NoOrg {
  readonly slugs: readonly string[];
}

/** Reads one org, with keys in place of ids. */
export async function readOrg(database: Database, slug: string): Promise<FoundOrg | NoOrg> {
  const found = orgIn(await readActual(database, { orgs: [slug] }));
  return found ?? { slugs: await readSlugs(database) };
}

/**
 * Reads one org as it was when a revision was made: by the slug that it has, by one that it ever had, or by its id.
 * Null where there is no such revision.
 */
export async function readOrgAt(
  database: Database,
  org: string,
  revision: number,
): Promise<FoundOrg | NoOrg | null> {
  const { orgId, slugs } = await findOrgEver(database, org);
  const actual = await readActualAt(database, revision, { orgIds: orgId === null ? [] : [orgId] });
  return actual && (orgIn(actual) ?? { slugs });
}

function orgIn({ catalog, orgs: [scope] }: ActualState): FoundOrg | null {
  if (!scope) return null;
  // Nothing is declared here, so that every row is left with the key that it has.
  const noNewRows = () => {
    throw new Error("Showing an org makes no rows.");
  };
  const named = matchScope(null, catalog, () => undefined, noNewRows);
  const keys = new Map(named.pairs.map(({ id, key }) => [id, key]));
  const { pairs } = matchScope(null, scope, (id) => keys.get(id), noNewRows);
  const slug = scope.org ?? "";
  const rows = pairs.flatMap(({ kind, key, before: fields, actual: row }) => {
    if (!row) return [];
    const { origin, managed } = row;
    return [{ address: addressOf(slug, kind, key), kind, key, fields, origin, managed }];
  });
  return { id: scope.orgId, slug, rows };
}
