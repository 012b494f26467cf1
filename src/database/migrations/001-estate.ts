import type { Migration } from "./migration.ts";

/** The estate itself, and its history of revisions. */
export const estate: Migration = {
  number: 1,
  name: "estate",
  sql: ({ schema }) => `
create table ${schema}.estate (
  only_one boolean primary key default true check (only_one),
  epoch uuid not null default gen_random_uuid(),
  revision bigint not null default 0 check (revision >= 0),
  apply_id uuid,
  xid xid8,
  created_at timestamptz not null default now()
);
comment on table ${schema}.estate is 'One row: what this database holds, and how often it was applied to. Its lock is the lock of an apply.';
comment on column ${schema}.estate.epoch is 'Names this history: a database restored or made anew has revisions of its own.';
comment on column ${schema}.estate.xid is 'The transaction of the last apply, by which the books tell an apply from other writers.';
insert into ${schema}.estate default values;

create table ${schema}.revision (
  revision bigint primary key,
  apply_id uuid not null unique,
  at timestamptz not null default clock_timestamp(),
  actor text not null,
  "commit" text,
  counts jsonb not null default '{}'
);
comment on table ${schema}.revision is 'The history of applies: who made which revision when, from which commit.';
comment on column ${schema}.revision.apply_id is 'Made by the applier before it wrote, so that one who lost the answer to COMMIT finds out what became of it.';
comment on column ${schema}.revision.counts is 'Creates, updates and deletes, by kind.';
`,
};
