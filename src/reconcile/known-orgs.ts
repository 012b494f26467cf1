import { readClaimants, readSourceContents } from "../database/read-sources.ts";
import type { Transaction } from "../database/transaction.ts";
import type { Diagnostic } from "../diagnostic/diagnostic.ts";
import type { Merged } from "../manifest/layers.ts";
import { type ParsedOrg, parseManifests } from "../manifest/parse-manifests.ts";
import type { ReadCatalog } from "../manifest/read-catalog.ts";
import { type ReadOrgs, readOrgs } from "../manifest/read-manifests.ts";
import { claimsOf, contestedBy } from "../manifest/resolve/claims.ts";
import type { DesiredScope } from "../model/state.ts";
import { desiredDigest } from "./baselines.ts";
import type { KnownOrg } from "./choose-orgs.ts";

/** Few enough to be held in memory resolved. */
const orgsAtATime = 500;

/** Takes what was read from an org's files when they were applied, instead of parsing the same bytes again. */
export async function parseKnown(
  transaction: Transaction,
  orgs: readonly KnownOrg[],
  diagnostics: Diagnostic[],
): Promise<ParsedOrg[]> {
  if (orgs.length === 0) return [];
  const contents = await readSourceContents(
    transaction,
    orgs.map(({ books }) => books.orgId),
  );
  return orgs.flatMap(({ books, files }) => {
    const stored = contents.get(books.orgId);
    return files.flatMap((file): readonly ParsedOrg[] => {
      const content = stored?.get(file.below);
      if (content !== undefined) {
        const read = content as ParsedOrg["content"];
        return [{ kind: "org", file, content: read, broken: new Set(), isPartial: false }];
      }
      const parsed = parseManifests([file]);
      diagnostics.push(...parsed.diagnostics);
      return parsed.orgs;
    });
  });
}

/** Orgs that come to something else with another catalog, resolved with it. */
export interface ChangedOrgs extends ReadOrgs {
  readonly orgs: ReadonlySet<KnownOrg>;
  readonly parsed: readonly ParsedOrg[];
}

export const noneChanged: ChangedOrgs = { orgs: new Set(), parsed: [], desired: [], merged: new Map() };

/** Resolves all orgs again and keeps those that came to something else. What is wrong with any of them now is reported. */
export async function changedByCatalog(
  transaction: Transaction,
  known: readonly KnownOrg[],
  { catalog, diagnostics }: { readonly catalog: ReadCatalog; readonly diagnostics: Diagnostic[] },
): Promise<ChangedOrgs> {
  const orgs = new Set<KnownOrg>();
  const kept: ParsedOrg[] = [];
  const desired: DesiredScope[] = [];
  const merged = new Map<string, Merged>();
  for (let start = 0; start < known.length; start += orgsAtATime) {
    const part = known.slice(start, start + orgsAtATime);
    const parsed = await parseKnown(transaction, part, diagnostics);
    const bySlug = new Map(part.map((org) => [org.books.slug, org]));
    const read = readOrgs(parsed, catalog, { diagnostics });
    const slugs = new Set<string | null>();
    for (const scope of read.desired) {
      const org = bySlug.get(scope.org);
      if (!org || org.books.desiredDigest === desiredDigest(scope)) continue;
      orgs.add(org);
      slugs.add(scope.org);
      desired.push(scope);
      merged.set(scope.org ?? "", read.merged.get(scope.org ?? "") as Merged);
    }
    kept.push(...parsed.filter(({ content }) => slugs.has(content.org)));
  }
  return { orgs, parsed: kept, desired, merged };
}

/** The known orgs whose slugs or domains others, which were just parsed, claim too. */
export async function contested(
  transaction: Transaction,
  parsed: readonly ParsedOrg[],
  known: readonly KnownOrg[],
): Promise<KnownOrg[]> {
  if (parsed.length === 0 || known.length === 0) return [];
  const claims = contestedBy(parsed.flatMap((org) => claimsOf(org)));
  const claimants = new Set(await readClaimants(transaction, claims));
  return known.filter(({ books }) => claimants.has(books.orgId));
}
