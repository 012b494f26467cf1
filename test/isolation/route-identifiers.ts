import type { Database } from "../../src/database/connect.ts";
import { qualified, readRelations } from "./relations.ts";
import { nobody, ofBoth, type Tenant } from "./route-tenants.ts";

/** By what a tenant, and what is its own, can be named. */
export interface Identifiers {
  readonly slug: string;
  readonly members: readonly string[];
  readonly workspaces: readonly string[];
  /** With their workspaces. */
  readonly environments: readonly string[];
  readonly resources: readonly string[];
  readonly names: readonly string[];
  /** Of every row; the org's own first. */
  readonly ids: readonly string[];
  /** What it was given of answers, and can send back. */
  readonly tags: readonly string[];
  readonly pageTokens: readonly string[];
  readonly positions: readonly string[];
  readonly credentials: readonly string[];
}

export type Given = Pick<Identifiers, "tags" | "pageTokens" | "positions" | "credentials">;

export async function readIdentifiers(
  database: Database,
  tenant: Tenant,
  given: Given,
): Promise<Identifiers> {
  const at = `${tenant}.example`;
  return {
    slug: tenant,
    members: [
      ...[`ana@${at}`, `bo@${at}`, `user-${tenant}-ana`, `user-${tenant}-bot`, `guest@${at}`],
      ...[ofBoth.address, ofBoth.id],
    ],
    workspaces: [`ws-${tenant}`, "web"],
    environments: [`ws-${tenant}/env-${tenant}`, "web/live"],
    resources: [`spec-${tenant}`, "plan"],
    names: [
      ...["role-", "team-", "sso-", "hook-", "topic-", "app-", "old-", "env-"].map((kind) => kind + tenant),
      ...[at, `https://hook.${at}/`, `${tenant}-1`, `${tenant}/member/ana@${at}`, `document/spec-${tenant}`],
    ],
    ids: await readIds(database, tenant),
    ...given,
  };
}

/** The same of nobody: as long, as many and in the same order; what both tenants have is nobody's alone. */
export function ofNobody(identifiers: Identifiers): Identifiers {
  const named = (text: string) => text.replaceAll(identifiers.slug, nobody);
  const namedAll = (texts: readonly string[]) => texts.map(named);
  return {
    slug: nobody,
    members: namedAll(identifiers.members),
    workspaces: namedAll(identifiers.workspaces),
    environments: namedAll(identifiers.environments),
    resources: namedAll(identifiers.resources),
    names: namedAll(identifiers.names),
    ids: identifiers.ids.map((_, at) => `00000000-0000-4000-8000-${String(at).padStart(12, "0")}`),
    tags: identifiers.tags.map(scrambled),
    pageTokens: identifiers.pageTokens.map(scrambled),
    // Of the estate, not of a tenant.
    positions: identifiers.positions,
    credentials: identifiers.credentials.map(scrambled),
  };
}

/** Another text of the same characters, with its ends and its dots where they were. */
function scrambled(text: string): string {
  return text.replace(/[\w-]{4,}/g, (word) => word[0] + [...word.slice(1)].reverse().join(""));
}

/** The ids in a tenant's rows that stand in nobody else's, in all tables; the org's own first. */
async function readIds(database: Database, tenant: Tenant): Promise<string[]> {
  const { rows } = await database.pool.query<{ id: string }>("select id from tenantry.org where slug = $1", [
    tenant,
  ]);
  const org = rows[0]?.id as string;
  const own = new Set([org]);
  const others = new Set<string>();
  for (const relation of await readRelations(database)) {
    if (relation.kind !== "table" || !relation.hasOrg) continue;
    const found = await database.pool.query<{ id: string; isOwn: boolean }>(
      `select distinct found[1] as id, org_id is not distinct from $1 as "isOwn" from ${qualified(database, relation.name)} t,
         regexp_matches(t::text, '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}', 'g') found`,
      [org],
    );
    for (const { id, isOwn } of found.rows) (isOwn ? own : others).add(id);
  }
  return [...own].filter((id) => !others.has(id));
}

/** The tables with rows of a tenant in which its name does not stand. */
export async function unmarkedTables(database: Database, tenant: Tenant): Promise<string[]> {
  const names: string[] = [];
  for (const { name, kind, hasOrg } of await readRelations(database)) {
    if (kind !== "table" || !hasOrg) continue;
    const { rows } = await database.pool.query<{ marked: boolean | null }>(
      `select bool_or(strpos(lower(t::text), $1) > 0) as marked from ${qualified(database, name)} t
       where org_id = (select id from tenantry.org where slug = $1)`,
      [tenant],
    );
    if (rows[0]?.marked !== true) names.push(name);
  }
  return names;
}
