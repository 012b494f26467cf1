import type { Migration } from "./migration.ts";

/** Finds quickly what changed lately in the whole estate, and which orgs a user is in. */
export const changesSince: Migration = {
  number: 14,
  name: "changes since",
  sql: ({ schema }) => `
create index change_set_since on ${schema}.change_set (xid);
create index member_of_user on ${schema}.member (user_id) where user_id is not null;
create index member_of_email on ${schema}.member (email_key) where email_key is not null;
`,
};
