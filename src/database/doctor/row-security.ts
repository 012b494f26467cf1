import { type Isolation, planIsolation } from "../isolate/plan-isolation.ts";
import { type AppTable, readTables } from "../isolate/read-table.ts";
import { oneOrgPolicy } from "../migrations/secure-table.ts";
import type { Finding } from "./finding.ts";
import { estateOf, oidsOf, type Patient, type TenantTable } from "./patient.ts";
import { findUnheld, type Unheld } from "./unheld.ts";

/** Row-level security that is off, not forced on the owner, or without a policy that nothing else widens. */
export async function checkRowSecurity(patient: Patient): Promise<readonly Finding[]> {
  const held = patient.tables.filter(({ isHeld, isPartition }) => isHeld && !isPartition);
  const details = await readTables(patient.transaction, oidsOf(held), patient.estate);
  const unheld = await findUnheld(patient, oidsOf(held.filter(({ isEnabled }) => isEnabled)));
  return held.flatMap((table, index) => {
    const detail = details[index] as AppTable;
    if (!table.isEnabled) return [rowSecurityOff(table, detail, patient)];
    const by = unheld.get(table.oid);
    return [
      ...(mustBeForced(table, patient) ? [notForced(table)] : []),
      ...(by ? [unheldBy(by, table, { detail, patient })] : []),
    ];
  });
}

/** The estate's books are written by their owner's triggers, which force would hinder. */
function mustBeForced({ isForced, isEstates, relation }: TenantTable, { names }: Patient): boolean {
  if (isForced) return false;
  return !isEstates || (names !== null && isForcedInEstate(relation));
}

function isForcedInEstate(relation: string): boolean {
  return !["org_books", "audit", "change_set", "source", "tombstone", "access_event"].includes(relation);
}

function rowSecurityOff(table: TenantTable, detail: AppTable, patient: Patient): Finding {
  const { name } = table;
  const enable = [`alter table ${name} enable row level security`];
  return {
    id: "row-security-off",
    severity: "error",
    where: name,
    risk: "Whoever may read the table sees the rows of every org.",
    ...(table.isEstates
      ? {
          mend: "Turn it on.",
          sql: mustBeForced(table, patient)
            ? [...enable, `alter table ${name} force row level security`]
            : enable,
        }
      : mendedBy(detail, patient, () => true)),
  };
}

function notForced({ name }: TenantTable): Finding {
  return {
    id: "row-security-not-forced",
    severity: "error",
    where: name,
    risk: "Its owner, and what works with the owner's rights, sees the rows of every org.",
    mend: "Force it on the owner.",
    sql: [`alter table ${name} force row level security`],
  };
}

/** One mend does for both. */
function unheldBy({ open, unjudged }: Unheld, table: TenantTable, seen: Seen): Finding {
  const { name } = table;
  const mended = policyMadeAgain(table, seen);
  if (open.length > 0) {
    return {
      id: "permissive-only",
      severity: "error",
      where: name,
      risk: `No restrictive policy holds ${open.join(", ")} to one org: permissive policies are or-ed, so that any of them is enough to show every org's rows.`,
      ...mended,
    };
  }
  return {
    id: "policy-unjudged",
    severity: "warning",
    where: name,
    risk: `Whether its restrictive policies hold ${unjudged.join(", ")} to one org could not be judged: they are not of the form that is known to show nothing while tenantry.org_id is not set.`,
    ...mended,
  };
}

interface Seen {
  readonly detail: AppTable;
  readonly patient: Patient;
}

function policyMadeAgain(
  { name, relation, isEstates }: TenantTable,
  { detail, patient }: Seen,
): Pick<Finding, "mend" | "sql"> {
  if (!isEstates || !patient.names) return mendedBy(detail, patient, (sql) => / policy /.test(sql));
  const ownPolicy = detail.policies.some((policy) => policy.name === "one_org");
  return {
    mend: "Make the policy again.",
    sql: [
      ...(ownPolicy ? [`drop policy one_org on ${name}`] : []),
      oneOrgPolicy(relation, patient.names).trim().replace(/;$/, ""),
    ],
  };
}

/** As `tenantry isolate` would do it. */
function mendedBy(
  detail: AppTable,
  patient: Patient,
  isWanted: (sql: string) => boolean,
): Pick<Finding, "mend" | "sql"> {
  if (detail.orgId !== "uuid") {
    return {
      mend: `Its org_id is ${detail.orgId}, and has to be uuid, as the ids of orgs are; then run \`tenantry isolate ${detail.name}\`.`,
      sql: [],
    };
  }
  const wanted = { role: "public", related: [], reference: false, estate: estateOf(patient) };
  const { table, steps }: Isolation = planIsolation(detail, wanted);
  return {
    mend: `Run \`tenantry isolate ${table}\`, or:`,
    sql: steps.map(({ sql }) => sql).filter(isWanted),
  };
}
