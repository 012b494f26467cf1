import { catalogTables, orgTables } from "./first-tables.ts";
import type { Migration, SchemaNames } from "./migration.ts";
import { secureCatalogTable, secureOrgTable } from "./secure-table.ts";

/** Who may do what. The working roles own nothing, and nobody is granted TRUNCATE. */
export const security: Migration = {
  number: 9,
  name: "security",
  sql: (names) => `
${catalogTables.map((table) => secureCatalogTable(table, names)).join("")}
${orgTables.map((table) => secureOrgTable(table, names)).join("")}
${names.roles.mode === "separate" ? grantsOnBooks(names) : ""}`,
};

/**
 * The books belong to the owner, whose trigger functions write them; row-level security is on for everybody
 * else, and not forced on the owner, because it would block its own writing.
 */
function grantsOnBooks({ roles: { apply, runtime, app }, schema }: SchemaNames): string {
  const books = ["org_books", "audit", "change_set"];
  return `
grant usage on schema ${schema} to ${apply}, ${runtime}, ${app};
grant select on ${schema}.migration to ${apply}, ${runtime}, ${app};
grant select on ${schema}.estate, ${schema}.revision to ${apply}, ${runtime};
grant update (revision, apply_id, xid) on ${schema}.estate to ${apply};
grant insert on ${schema}.revision to ${apply};
${books
  .map(
    (table) => `
grant select on ${schema}.${table} to ${apply}, ${runtime};
alter table ${schema}.${table} enable row level security;
create policy every_org on ${schema}.${table} for select to ${apply}, ${runtime} using (true);
`,
  )
  .join("")}
grant update (source_digest, applied_counter, next_due) on ${schema}.org_books to ${apply};
create policy baseline on ${schema}.org_books for update to ${apply} using (true);
`;
}
