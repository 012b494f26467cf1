import type { ActualScope, DesiredScope } from "../model/state.ts";
import { claimNames, clashesOf } from "./claim-names.ts";

/** An org in Git and in the database; at least one of the two is there. */
export interface OrgMatch {
  readonly declared: DesiredScope | null;
  readonly found: ActualScope | null;
  /** Slugs that it is said to have had, and that another org bears still. */
  readonly clashes: readonly string[];
}

/** Pairs orgs by slug, then by earlier slugs; what is left of the database goes last. */
export function matchOrgs(desired: readonly DesiredScope[], actual: readonly ActualScope[]): OrgMatch[] {
  const claimants = desired.map((scope) => ({ scope, key: scope.org ?? "", previously: scope.previously }));
  const holders = actual.map((scope) => ({ scope, key: scope.org ?? "", applied: appliedSlug(scope) }));
  const claims = claimNames(claimants, holders);
  const clashes = new Map<DesiredScope, string[]>();
  for (const { claimant, earlier } of clashesOf(claimants, claims)) {
    clashes.set(claimant.scope, [...(clashes.get(claimant.scope) ?? []), earlier]);
  }
  return [
    ...claimants.map((claimant): OrgMatch => {
      const { scope: declared } = claimant;
      const found = claims.held.get(claimant)?.scope ?? null;
      return { declared, found, clashes: clashes.get(declared) ?? [] };
    }),
    ...[...claims.left].map(({ scope }): OrgMatch => ({ declared: null, found: scope, clashes: [] })),
  ];
}

/** Somebody may have written another slug by hand. */
function appliedSlug({ org, orgId, writes }: ActualScope): string {
  const applied = writes.find(({ kind, rowId }) => kind === "org" && rowId === orgId)?.before;
  return String((applied?.managed && applied.fields.slug) || org);
}
