import type { Finding } from "./finding.ts";
import { estateOf, type Patient } from "./patient.ts";

/** One role that does everything, because whoever migrated might make no other. */
export async function checkSingleOwner(patient: Patient): Promise<readonly Finding[]> {
  if (patient.names?.roles.mode !== "single") return [];
  return [
    {
      id: "single-owner",
      severity: "warning",
      where: estateOf(patient),
      risk: "One role owns the estate and does all the work: what holds it to one org is only what a transaction says of itself.",
      mend: "Have somebody who may create roles run `tenantry migrate` on a fresh schema, and apply the manifests there.",
      sql: [],
    },
  ];
}
