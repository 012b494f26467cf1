import type { Transaction } from "../database/transaction.ts";

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

/** The same, and only where a key of that name may be made: one of an org has to be declared. */
export async function findDeclared(
  transaction: Transaction,
  holder: KeyHolder,
): Promise<FoundHolder | UnknownOrgFault | UndeclaredFault> {
  const found = await findHolder(transaction, holder);
  if ("fault" in found || found.orgId === null) return found;
  const { rows } = await transaction.query<{ name: string }>("select name from api_key where org_id = $1", [
    found.orgId,
  ]);
  const declared = rows.map(({ name }) => name);
  if (declared.includes(found.name)) return found;
  const sources = await transaction.query<{ path: string }>(
    `select path from source where org_id = $1 order by path collate "C" limit 1`,
    [found.orgId],
  );
  return { fault: "undeclared", declared, path: sources.rows[0]?.path ?? null };
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
