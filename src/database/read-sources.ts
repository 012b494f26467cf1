import type { StoredSource } from "../plan/baseline.ts";
import type { Transaction } from "./transaction.ts";

/** The paths of the files that a scope was last applied from. */
export async function readSourcePaths(transaction: Transaction, orgId: string): Promise<readonly string[]> {
  const { rows } = await transaction.query<{ path: string }>("select path from source where org_id = $1", [
    orgId,
  ]);
  return rows.map(({ path }) => path);
}

/** What was read from the files of some orgs, parsed, by org id and then by path. */
export async function readSourceContents(
  transaction: Transaction,
  orgIds: readonly string[],
): Promise<ReadonlyMap<string, ReadonlyMap<string, unknown>>> {
  const { rows } = await transaction.query<{ id: string; path: string; content: unknown }>(
    "select org_id as id, path, content from source where org_id = any($1)",
    [orgIds],
  );
  const byOrg = new Map<string, Map<string, unknown>>();
  for (const { id, path, content } of rows) {
    const files = byOrg.get(id) ?? new Map<string, unknown>();
    byOrg.set(id, files);
    files.set(path, content);
  }
  return byOrg;
}

/** The orgs whose manifests claim one of these. */
export async function readClaimants(
  transaction: Transaction,
  claims: readonly string[],
): Promise<readonly string[]> {
  const { rows } = await transaction.query<{ id: string }>(
    "select distinct org_id as id from source where claims && $1",
    [claims],
  );
  return rows.map(({ id }) => id);
}

/** The files that a scope was last applied from, and the commit that they are from. */
export type AppliedSource = Pick<StoredSource, "path" | "text"> & { readonly commit: string | null };

export async function readAppliedSources(
  transaction: Transaction,
  orgIds: readonly string[],
): Promise<ReadonlyMap<string, readonly AppliedSource[]>> {
  const { rows } = await transaction.query<AppliedSource & { readonly id: string }>(
    `select org_id as id, path, text, "commit" from source where org_id = any($1) order by path`,
    [orgIds],
  );
  const byOrg = new Map<string, AppliedSource[]>();
  for (const { id, ...source } of rows) byOrg.set(id, [...(byOrg.get(id) ?? []), source]);
  return byOrg;
}
