import type { Transaction } from "../database/transaction.ts";
import { canonicalTime } from "../model/value.ts";

/** Whose key, and of which name: an org's, by its slug, or a service's. */
export type KeyHolder =
  | { readonly kind: "org"; readonly org: string; readonly name: string }
  | { readonly kind: "service"; readonly name: string };

/** The same, where the database knows it. */
export interface FoundHolder {
  /** null for a service. */
  readonly orgId: string | null;
  readonly name: string;
}

export interface UnknownOrgFault {
  readonly fault: "unknown-org";
  /** The slugs that there are. */
  readonly slugs: readonly string[];
}

/** The org's manifest declares no key of that name, as it was last applied. */
export interface UndeclaredFault {
  readonly fault: "undeclared";
  readonly declared: readonly string[];
  /** The org's manifest below the manifests' directory; null where none was applied. */
  readonly path: string | null;
}

/** The manifest has the key end, and it did. */
export interface EndedFault {
  readonly fault: "ended";
  /** In canonical form. */
  readonly ended: string;
  readonly path: string | null;
}

/** Of whom a key may be made. */
export interface DeclaredHolder extends FoundHolder {
  /** When the manifest has the key end, in canonical form; null where it does not, and for a service. */
  readonly ends: string | null;
}

/**
 * Finds whose key is meant, declared or not. The org's row is held until the end: to take the org away waits for that,
 * or is waited for here, before any key is locked.
 */
export async function findHolder(
  transaction: Transaction,
  holder: KeyHolder,
): Promise<FoundHolder | UnknownOrgFault> {
  if (holder.kind === "service") return { orgId: null, name: holder.name };
  const orgId = await findOrg(transaction, holder.org);
  if (typeof orgId !== "string") return orgId;
  return { orgId, name: holder.name };
}

/** The same, and only where a key of that name may be made: one of an org has to be declared, and not to have ended. */
export async function findDeclared(
  transaction: Transaction,
  holder: KeyHolder,
): Promise<DeclaredHolder | UnknownOrgFault | UndeclaredFault | EndedFault> {
  const found = await findHolder(transaction, holder);
  if ("fault" in found) return found;
  if (found.orgId === null) return { ...found, ends: null };
  const { rows } = await transaction.query<DeclaredRow>(
    `select name, to_json(expires)#>>'{}' as expires, expires <= clock_timestamp() as is_over
     from api_key where org_id = $1`,
    [found.orgId],
  );
  const declared = rows.find(({ name }) => name === found.name);
  const ends = declared?.expires ? canonicalTime(declared.expires) : null;
  if (declared && !declared.is_over) return { ...found, ends };
  const path = await findPath(transaction, found.orgId);
  if (ends) return { fault: "ended", ended: ends, path };
  return { fault: "undeclared", declared: rows.map(({ name }) => name), path };
}

interface DeclaredRow {
  readonly name: string;
  readonly expires: string | null;
  readonly is_over: boolean | null;
}

/** The org's manifest below the manifests' directory; null where none was applied. */
async function findPath(transaction: Transaction, orgId: string): Promise<string | null> {
  const { rows } = await transaction.query<{ path: string }>(
    `select path from source where org_id = $1 order by path collate "C" limit 1`,
    [orgId],
  );
  return rows[0]?.path ?? null;
}

/** The id behind a slug, held until the transaction's end. */
async function findOrg(transaction: Transaction, slug: string): Promise<string | UnknownOrgFault> {
  const { rows } = await transaction.query<{ org_id: string }>(
    "select org_id from org where slug = $1 for key share",
    [slug],
  );
  return rows[0]?.org_id ?? unknownOrg(transaction);
}

/** That there is no such org, and which there are. */
export async function unknownOrg(transaction: Transaction): Promise<UnknownOrgFault> {
  const { rows } = await transaction.query<{ slug: string }>("select slug from org");
  return { fault: "unknown-org", slugs: rows.map(({ slug }) => slug) };
}
