import type { Finding } from "./finding.ts";
import type { Patient } from "./patient.ts";

/** A leak of PostgreSQL's own, and by version the minor release that has it no more. Of versions not named, none has it. */
interface KnownLeak {
  readonly cve: string;
  readonly risk: string;
  readonly fixed: { readonly [version: number]: number };
}

/** From PostgreSQL's release notes and security pages: what lets rows be seen, or learnt of, past policies. */
const knownLeaks: readonly KnownLeak[] = [
  {
    cve: "CVE-2023-2455",
    risk: "Policies of the wrong role can be applied where a function is inlined after the role changed.",
    fixed: { 14: 8, 15: 3 },
  },
  {
    cve: "CVE-2023-39418",
    risk: "MERGE does not ask the policies for UPDATE and SELECT of rows that it changes.",
    fixed: { 15: 4 },
  },
  {
    cve: "CVE-2024-4317",
    risk: "Anybody can read the most common values of extended statistics. A cluster that was made before has to be mended as the release notes say, too.",
    fixed: { 14: 12, 15: 7, 16: 3 },
  },
  {
    cve: "CVE-2024-10976",
    risk: "A query that is planned once and used by several roles can apply policies of the wrong role below subqueries.",
    fixed: { 14: 14, 15: 9, 16: 5, 17: 1 },
  },
  {
    cve: "CVE-2025-8713",
    risk: "Statistics of partitions and of inheriting tables show sampled values that a policy hides.",
    fixed: { 14: 19, 15: 14, 16: 10, 17: 6 },
  },
  {
    cve: "CVE-2026-120154",
    risk: "Who may insert and update can read rows that a policy hides by repeated INSERT … ON CONFLICT DO UPDATE.",
    fixed: { 14: 25, 15: 20, 16: 16, 17: 12, 18: 7 },
  },
];

/** Whether the server's version is one that is known to leak rows past policies. */
export async function checkServerVersion({ transaction, engine }: Patient): Promise<readonly Finding[]> {
  const { rows } = await transaction.query<{ version: number }>(
    "select current_setting('server_version_num')::int as version",
  );
  return leaksOf(rows[0]?.version ?? 0).map((finding) =>
    engine === "pglite"
      ? {
          ...finding,
          severity: "note",
          mend: "It goes with an update of Tenantry; until then use a server where tenants may run SQL.",
        }
      : finding,
  );
}

/** The known leaks of a version, as the server gives it: 150014 for 15.14. */
export function leaksOf(version: number): readonly Finding[] {
  const [major, minor] = [Math.floor(version / 10_000), version % 10_000];
  return knownLeaks
    .filter(({ fixed }) => minor < (fixed[major] ?? 0))
    .map(({ cve, risk, fixed }) => ({
      id: "server-version",
      severity: "error",
      where: cve,
      risk: `PostgreSQL ${major}.${minor}: ${risk}`,
      mend: `Update the server to ${major}.${fixed[major]} or later.`,
      sql: [],
    }));
}
