import { catalogTables, orgTables } from "./first-tables.ts";
import type { Migration } from "./migration.ts";
import { secureCatalogTable, secureOrgTable } from "./secure-table.ts";

/** Who may do what. The working roles own nothing, and nobody is granted TRUNCATE. */
export const security: Migration = {
  number: 9,
  name: "security",
  sql: (roles) => `
${catalogTables.map((table) => secureCatalogTable(table, roles)).join("")}
${orgTables.map((table) => secureOrgTable(table, roles)).join("")}
${roles.mode === "separate" ? grantsOnBooks(roles) : ""}`,
};

/**
 * The books belong to the owner, whose trigger functions write them; row-level security is on for everybody
 * else, and not forced on the owner, because it would block its own writing.
 */
function grantsOnBooks({ apply, runtime, app }: { apply: string; runtime: string; app: string }): string {
  const books = ["org_books", "audit", "change_set"];
  return `
grant usage on schema tenantry to ${apply}, ${runtime}, ${app};
grant select on tenantry.migration to ${apply}, ${runtime}, ${app};
grant select on tenantry.estate, tenantry.revision to ${apply}, ${runtime};
grant update (revision, apply_id, xid) on tenantry.estate to ${apply};
grant insert on tenantry.revision to ${apply};
${books
  .map(
    (table) => `
grant select on tenantry.${table} to ${apply}, ${runtime};
alter table tenantry.${table} enable row level security;
create policy every_org on tenantry.${table} for select to ${apply}, ${runtime} using (true);
`,
  )
  .join("")}
grant update (source_digest, applied_counter, next_due) on tenantry.org_books to ${apply};
create policy baseline on tenantry.org_books for update to ${apply} using (true);
`;
}
