/** The ledger, beside every row under management. */
export const ledger = `
  origin text not null default 'unknown' check (origin in ('manifest', 'invitation', 'join', 'api', 'unknown')),
  managed text[]`;

/** How every row of an org begins; its key is (org_id, id), so that the tables can be distributed by org. */
export function orgRow(schema: string): string {
  return `
  org_id uuid not null references ${schema}.org,
  id uuid not null default gen_random_uuid(),`;
}

/**
 * The same where an obligatory reference into the org is checked with the org's id in it:
 * that row's own reference to the org vouches for this one, and the second look-up is saved.
 */
export const orgPart = `
  org_id uuid not null,
  id uuid not null default gen_random_uuid(),`;
