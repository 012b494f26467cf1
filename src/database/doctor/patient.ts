import { descriptorOf } from "../../model/kinds.ts";
import { kindsInOrder } from "../../model/order.ts";
import type { Database } from "../connect.ts";
import type { SchemaNames } from "../migrations/migration.ts";
import { quotedSchema, schemaNames } from "../names.ts";
import type { WorkingRoles } from "../roles.ts";
import type { Transaction } from "../transaction.ts";
import type { Finding } from "./finding.ts";

/** One of the known leaks, and how it is looked for. */
export type Check = (patient: Patient) => Promise<readonly Finding[]>;

/** What is examined. Everything is read in one transaction that cannot write, on the search path `pg_catalog` alone. */
export interface Patient {
  readonly transaction: Transaction;
  readonly engine: Database["engine"];
  /** The estate's schema, by its plain name. */
  readonly estate: string;
  /** Null where the database has no estate. */
  readonly names: SchemaNames | null;
  /** The roles that transactions work as, by their plain names; empty without an estate. */
  readonly working: readonly string[];
  readonly login: string;
  /** The tables that hold rows of tenants. */
  readonly tables: readonly TenantTable[];
}

export interface TenantTable {
  readonly oid: string;
  /** With its schema, as SQL writes it. */
  readonly name: string;
  /** Its plain name. */
  readonly relation: string;
  readonly isEstates: boolean;
  readonly isPartition: boolean;
  /** Whether its rows must be held by policies: the books have rights that go no further than their owner. */
  readonly isHeld: boolean;
  readonly isEnabled: boolean;
  readonly isForced: boolean;
}

export interface Lookup {
  readonly transaction: Transaction;
  readonly roles: WorkingRoles | null;
  /** The schemas to look at; all where none is named. */
  readonly schemas: readonly string[];
}

/** Finds the tables that have a column org_id, in whatever schema, and who works with them. */
export async function readPatient(
  database: Database,
  { transaction, roles, schemas }: Lookup,
): Promise<Patient> {
  const { rows: logins } = await transaction.query<{ login: string }>("select session_user as login");
  const login = logins[0]?.login ?? "";
  const isSingle = roles?.mode === "single";
  const { rows } = await transaction.query<TenantTable & { isGranted: boolean }>(
    `select c.oid::text, format('%I.%I', n.nspname, c.relname) as name, c.relname as relation,
       n.nspname = $1 as "isEstates", c.relispartition as "isPartition",
       c.relrowsecurity as "isEnabled", c.relforcerowsecurity as "isForced",
       exists (select from aclexplode(c.relacl) r where r.grantee <> c.relowner) as "isGranted"
     from pg_class c
     join pg_namespace n on n.oid = c.relnamespace
     join pg_attribute a on a.attrelid = c.oid and a.attname = 'org_id' and not a.attisdropped
     where c.relkind in ('r', 'p') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
       and (cardinality($2::text[]) = 0 or n.nspname = any($2))
     order by n.nspname, c.relname`,
    [database.schema, schemas],
  );
  const ofOrgs = new Set<string>(kindsInOrder.filter((kind) => descriptorOf(kind).tier === "org"));
  return {
    transaction,
    engine: database.engine,
    estate: database.schema,
    names: roles && schemaNames(database.schema, roles),
    working: roles
      ? isSingle
        ? [login]
        : ["apply", "runtime", "app"].map((role) => database.rolePrefix + role)
      : [],
    login,
    tables: rows.map(({ isGranted, ...table }) => ({
      ...table,
      isHeld: !table.isEstates || ofOrgs.has(table.relation) || (!isSingle && isGranted),
    })),
  };
}

/** The oids of those tables, for a query's parameter. */
export function oidsOf(tables: readonly TenantTable[]): readonly string[] {
  return tables.map(({ oid }) => oid);
}

/** The estate's schema, as SQL writes it. */
export function estateOf({ estate }: Patient): string {
  return quotedSchema(estate);
}
