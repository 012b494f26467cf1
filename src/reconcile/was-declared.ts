import { readAppliedSources } from "../database/read-sources.ts";
import type { Transaction } from "../database/transaction.ts";
import { placeText } from "../diagnostic/position.ts";
import { parseManifests } from "../manifest/parse-manifests.ts";
import { spanOf } from "../manifest/place.ts";
import { type ReadCatalog, readCatalog } from "../manifest/read-catalog.ts";
import { joinManifests, readOrgs } from "../manifest/read-manifests.ts";
import { addressOf } from "../model/address.ts";
import type { ScopePlan } from "../plan/plan.ts";

/** So many orgs are looked up; who removes things from more of them reads counts. */
const mostOrgs = 50;

/**
 * Where the rows that a plan deletes were declared when they were last applied, by address: the file, the line and the
 * commit, from the manifests that the database keeps.
 */
export async function wasDeclared(
  transaction: Transaction,
  scopes: readonly ScopePlan[],
  { catalog, dir }: { readonly catalog: ReadCatalog | null; readonly dir: string },
): Promise<ReadonlyMap<string, string>> {
  const losing = scopes.filter(({ changes }) => changes.some(({ action }) => action === "delete"));
  if (losing.length === 0) return new Map();
  const few = losing.slice(0, mostOrgs);
  const sources = await readAppliedSources(
    transaction,
    few.map(({ orgId }) => orgId),
  );
  const places = new Map<string, string>();
  for (const { org, orgId, changes } of few) {
    const kept = sources.get(orgId) ?? [];
    const files = kept.map(({ path, text }) => ({ path: `${dir.replace(/\/+$/, "")}/${path}`, text }));
    const parsed = parseManifests(files);
    // What is wrong with it now was right when it was applied: only places are asked for.
    const read = org === null ? readCatalog(parsed, []) : catalog;
    const orgs = readOrgs(parsed.orgs, read, { diagnostics: [] });
    const manifests = joinManifests(read, orgs, []);
    const resources = (org === null ? read?.desired : orgs.desired[0])?.resources ?? [];
    const paths = new Map(resources.map(({ kind, key, path }) => [`${kind} ${key}`, path]));
    for (const { action, kind, key } of changes) {
      const path = action === "delete" ? paths.get(`${kind} ${key}`) : undefined;
      const place = path && manifests.place(org, path);
      if (!place) continue;
      const commit = kept.find((source) => place.file.path.endsWith(source.path))?.commit;
      const line = placeText(spanOf(place)).replace(/:\d+$/, "");
      places.set(addressOf(org, kind, key), commit ? `${line} in ${commit.slice(0, 7)}` : line);
    }
  }
  return places;
}
