import type { Finding } from "./finding.ts";
import { estateOf, type Patient } from "./patient.ts";

/** What whoever makes backups has to know. */
export async function noteBackups(patient: Patient): Promise<readonly Finding[]> {
  if (!patient.names || patient.engine === "pglite") return [];
  return [
    {
      id: "backups",
      severity: "note",
      where: estateOf(patient),
      risk: "pg_dump refuses tables whose row-level security is forced, unless its role has BYPASSRLS; with --enable-row-security it would silently write an empty backup.",
      mend: "Make backups as a role of their own that has BYPASSRLS, and that nothing else logs in as; where `doctor` warns of it, accept role-bypasses:NAME.",
      sql: [],
    },
  ];
}
