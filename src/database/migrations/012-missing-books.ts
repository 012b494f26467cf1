import type { Migration } from "./migration.ts";

/** Lets an apply begin the books of a scope that has none, with nothing in them: that forges no change. */
export const missingBooks: Migration = {
  number: 12,
  name: "missing-books",
  sql: ({ roles, schema }) =>
    roles.mode === "single"
      ? ""
      : `
grant insert (org_id) on ${schema}.org_books to ${roles.apply};
create policy beginning on ${schema}.org_books for insert to ${roles.apply} with check (true);
`,
};
