import type { Database } from "../connect.ts";
import { existingRoles } from "../in-transaction.ts";
import { sqlState, sqlStateOf } from "../sql-state.ts";
import { transact } from "../transaction.ts";
import { checkAllData } from "./all-data.ts";
import { noteBackups } from "./backups.ts";
import { checkBookKeeping } from "./book-keeping.ts";
import { checkEstateRoles } from "./estate-roles.ts";
import { checkExclusions } from "./exclusions.ts";
import type { Finding } from "./finding.ts";
import { checkFunctions } from "./functions.ts";
import { checkGrants } from "./granted.ts";
import { checkKeys } from "./keys.ts";
import { checkNoOrgId } from "./no-org-id.ts";
import { type Check, type Patient, readPatient } from "./patient.ts";
import { checkReferences } from "./references.ts";
import { checkRolesInUse } from "./roles-in-use.ts";
import { checkRowSecurity } from "./row-security.ts";
import { checkRules } from "./rules.ts";
import { checkServerVersion } from "./server-version.ts";
import { checkSettings } from "./settings.ts";
import { checkSingleOwner } from "./single-owner.ts";
import { checkSubscriptions } from "./subscriptions.ts";
import { checkViews } from "./views.ts";

export interface Examination {
  readonly findings: readonly Finding[];
  /** What could not be looked at, and why, as sentences. */
  readonly unseen: readonly string[];
  /** Of how many tables with org_id it tells. */
  readonly tables: number;
  readonly login: string;
}

/** What is looked at, in the order in which it is told, and can be mended. */
function checksOf(schemas: readonly string[]): { readonly [subject: string]: Check } {
  return {
    "the server's version": checkServerVersion,
    "the roles in use": checkRolesInUse,
    "how the estate is owned": checkSingleOwner,
    "settings of roles and databases": checkSettings,
    "row-level security": checkRowSecurity,
    "tables without org_id": checkNoOrgId(schemas),
    "rights on tables": checkGrants,
    "rights on every table": checkAllData,
    views: checkViews,
    rules: checkRules,
    functions: checkFunctions(schemas),
    "foreign keys": checkReferences,
    keys: checkKeys,
    "exclusion constraints": checkExclusions,
    "the triggers of the books": checkBookKeeping,
    subscriptions: checkSubscriptions,
    "membership in the estate's roles": checkEstateRoles,
    backups: noteBackups,
  };
}

/**
 * Looks through the whole database, or some of its schemas, for the known ways in which tenants leak into each other. It
 * reads only, as the login itself; what that may not read is said in `unseen`.
 */
export async function examine(database: Database, schemas: readonly string[]): Promise<Examination> {
  const roles = await existingRoles(database);
  const begin = "begin isolation level repeatable read read only; set local search_path = pg_catalog";
  return transact(database, begin, async (transaction) => {
    const patient = await readPatient(database, { transaction, roles, schemas });
    const findings: Finding[] = [];
    const unseen: string[] = [];
    if (!roles) unseen.push(`The estate: there is no schema ${database.schema}.`);
    for (const [subject, check] of Object.entries(checksOf(schemas))) {
      const found = await seen(check, patient);
      if (typeof found === "string") unseen.push(`${sentence(subject)}: ${found}.`);
      else findings.push(...found);
    }
    return { findings, unseen, tables: patient.tables.length, login: patient.login };
  });
}

/** What a check finds; or why it could not look. */
async function seen(check: Check, patient: Patient): Promise<readonly Finding[] | string> {
  const { transaction } = patient;
  await transaction.query("savepoint looking");
  try {
    return await check(patient);
  } catch (error) {
    if (sqlStateOf(error) !== sqlState.insufficientPrivilege) throw error;
    await transaction.query("rollback to looking");
    return (error as Error).message;
  } finally {
    await transaction.query("release looking").catch(() => {});
  }
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
