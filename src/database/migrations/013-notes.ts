import type { Migration } from "./migration.ts";

/** Counts how often an apply noted what it had looked at, so that two that looked at once can tell. */
export const notes: Migration = {
  number: 13,
  name: "notes",
  sql: ({ roles, schema }) => `
alter table ${schema}.estate add column noted bigint not null default 0;
comment on column ${schema}.estate.noted is 'How often an apply noted what it had looked at, with a revision or without.';
${roles.mode === "single" ? "" : `grant update (noted) on ${schema}.estate to ${roles.apply};`}
`,
};
