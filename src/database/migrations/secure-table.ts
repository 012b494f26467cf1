import type { SchemaNames } from "./migration.ts";

/** Holds where the row is of the org that the transaction is set to; of no row without the setting. */
export const ofThisOrg = `org_id = (select nullif(current_setting('tenantry.org_id', true), '')::uuid)`;

/** Rows of the catalog: everybody who works here reads them, the apply role writes them. */
export function secureCatalogTable(table: string, names: SchemaNames): string {
  return grants(table, names);
}

/**
 * Rows of tenants: row-level security, forced on the owner too. Permissive policies are or-ed and a
 * restrictive one alone denies everything, so there is one of each: every role sees all orgs, and the app's
 * only the org that its transaction is set to. Without the setting, which a commit leaves empty, it sees none.
 */
export function secureOrgTable(table: string, names: SchemaNames): string {
  return `${grants(table, names)}
alter table ${names.schema}.${table} enable row level security;
alter table ${names.schema}.${table} force row level security;
${policies(table, names)}`;
}

function grants(table: string, { roles, schema }: SchemaNames): string {
  if (roles.mode === "single") return "";
  return `
grant select on ${schema}.${table} to ${roles.apply}, ${roles.runtime}, ${roles.app};
grant insert, update, delete on ${schema}.${table} to ${roles.apply};
`;
}

function policies(table: string, names: SchemaNames): string {
  const { roles, schema } = names;
  const { mode, owner, apply, runtime, app } = roles;
  const everybody = mode === "single" ? "" : ` to ${owner}, ${apply}, ${runtime}, ${app}`;
  return `
create policy every_org on ${schema}.${table}${everybody} using (true) with check (true);
${oneOrgPolicy(table, names)}`;
}

/** The policy that holds the app to one org. */
export function oneOrgPolicy(table: string, { roles, schema }: SchemaNames): string {
  if (roles.mode === "single") {
    // One role for everything says itself what it works as: weaker, and `doctor` says so.
    return `create policy one_org on ${schema}.${table} as restrictive
  using ((select coalesce(current_setting('tenantry.role', true), '')) <> 'app' or ${ofThisOrg});
`;
  }
  return `create policy one_org on ${schema}.${table} as restrictive to ${roles.app} using (${ofThisOrg});
`;
}
