import { catalogId } from "../../model/state.ts";
import type { Migration } from "./migration.ts";

/** What the database writes down of every change, whoever makes it. */
export const books: Migration = {
  number: 2,
  name: "books",
  sql: ({ schema }) => `
create table ${schema}.org_books (
  org_id uuid primary key,
  source_digest text,
  change_counter bigint not null default 0,
  applied_counter bigint not null default 0,
  next_due timestamptz,
  xid xid8
) with (fillfactor = 50);
comment on table ${schema}.org_books is 'One narrow row an org, and one for the catalog under the nil uuid: enough to tell whether anything changed.';
comment on column ${schema}.org_books.source_digest is 'Of the sources that the org was last applied from.';
comment on column ${schema}.org_books.change_counter is 'Grows by one with every transaction that changes a row of the org.';
comment on column ${schema}.org_books.applied_counter is 'The counter as the last apply left it: where the two differ, something else wrote.';
comment on column ${schema}.org_books.next_due is 'When something of the org lapses or begins with time alone.';
comment on column ${schema}.org_books.xid is 'The transaction that moved the counter last: no transaction moves it twice.';
insert into ${schema}.org_books (org_id) values ('${catalogId}');

create table ${schema}.audit (
  org_id uuid not null,
  id bigint generated always as identity,
  kind text not null,
  row_id uuid not null,
  action text not null,
  before jsonb,
  xid xid8 not null,
  at timestamptz not null,
  login text not null,
  application text,
  actor text,
  primary key (org_id, id)
);
comment on table ${schema}.audit is 'One row for every row changed, by whatever wrote it. What came after is the before of the next event, or the row itself.';
comment on column ${schema}.audit.before is 'The whole row as it was; null where there was none.';
comment on column ${schema}.audit.login is 'The session user, which no SET ROLE changes.';
comment on column ${schema}.audit.actor is 'Who the writer said it acted for (setting tenantry.actor). A claim, no proof.';

create table ${schema}.change_set (
  org_id uuid not null,
  counter bigint not null,
  xid xid8 not null,
  at timestamptz not null,
  login text not null,
  application text,
  actor text,
  revision bigint,
  primary key (org_id, counter)
);
comment on table ${schema}.change_set is 'What moved an org''s counter to a value: one transaction each.';
comment on column ${schema}.change_set.revision is 'The revision that an apply made; null for every other writer.';

create unlogged table ${schema}.books_pending (
  xid xid8,
  org_id uuid,
  primary key (xid, org_id)
);
comment on table ${schema}.books_pending is 'The orgs that a transaction under way has changed. Empty to everybody else: rows go in the transaction that made them.';

create unlogged table ${schema}.tx_pending (
  xid xid8 primary key
);
comment on table ${schema}.tx_pending is 'Carries the one deferred trigger of a transaction under way.';
`,
};
