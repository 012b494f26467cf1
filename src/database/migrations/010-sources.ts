import { refuseTruncate } from "./keep-books.ts";
import type { Migration } from "./migration.ts";

/** The manifests that were applied last, by which a plan knows what it need not look at again. */
export const sources: Migration = {
  number: 10,
  name: "sources",
  sql: ({ roles, schema }) => `
create table ${schema}.source (
  org_id uuid not null,
  path text not null,
  digest text not null,
  text text not null,
  content json not null,
  claims text[] not null default '{}',
  "commit" text,
  revision bigint not null,
  primary key (org_id, path)
);
create index source_claims on ${schema}.source using gin (claims);
comment on table ${schema}.source is 'The manifests as they were last applied, and the commit that they are from: the nil uuid stands for the catalog.';
comment on column ${schema}.source.path is 'Below the manifests'' directory.';
comment on column ${schema}.source.digest is 'SHA-256 of the path and the bytes.';
comment on column ${schema}.source.content is 'What was read from it, so that nobody parses the same bytes twice.';
comment on column ${schema}.source.claims is 'What no two orgs may claim.';

alter table ${schema}.org_books add column desired_digest text;
comment on column ${schema}.org_books.desired_digest is 'Of what the sources came to; for the catalog, of all that orgs are resolved with.';

alter table ${schema}.revision add column title text;
comment on column ${schema}.revision.title is 'The first line of the commit''s message.';

create table ${schema}.tombstone (
  slug text primary key,
  org_id uuid not null,
  at timestamptz not null default clock_timestamp(),
  revision bigint not null
);
comment on table ${schema}.tombstone is 'Orgs that were purged: their slugs and ids are not taken again unseen.';
${["source", "tombstone"].map((table) => refuseTruncate(schema, table)).join("")}
${
  roles.mode === "single"
    ? ""
    : `
grant select, insert, update, delete on ${schema}.source to ${roles.apply};
grant select, insert on ${schema}.tombstone to ${roles.apply};
grant update (desired_digest) on ${schema}.org_books to ${roles.apply};
alter table ${schema}.source enable row level security;
create policy every_org on ${schema}.source to ${roles.apply} using (true) with check (true);
alter table ${schema}.tombstone enable row level security;
create policy every_org on ${schema}.tombstone to ${roles.apply} using (true) with check (true);
`
}`,
};
