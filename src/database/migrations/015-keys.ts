import { refuseTruncate } from "./keep-books.ts";
import type { Migration, SchemaNames } from "./migration.ts";
import { secureKeys } from "./secure-keys.ts";

/** API keys as they are kept, what tokens are signed with, and what the database writes down of keys, whoever writes. */
export const keys: Migration = {
  number: 15,
  name: "keys",
  sql: (names) => `
${tables(names)}
${noteFunction(names.schema)}
${countFunction(names.schema)}
revoke execute on function ${names.schema}.note_key_event(), ${names.schema}.count_key_change() from public;
${["org_key", "service_key"].map((table) => noted(names.schema, table)).join("")}
${["org_key", "service_key", "signing_key"].map((table) => counted(names.schema, table)).join("")}
${["org_key", "service_key", "signing_key", "access_event", "key_state"]
  .map((table) => refuseTruncate(names.schema, table))
  .join("")}
${secureKeys(names)}`,
};

/** What both kinds of key have. Of the secret there is nothing but its digest. */
const ownColumns = `
  name text not null,
  digest bytea not null unique check (octet_length(digest) = 32),
  created_at timestamptz not null default clock_timestamp(),
  expires timestamptz,
  revoked_at timestamptz`;

function tables({ schema }: SchemaNames): string {
  return `
create table ${schema}.service_key (
  id uuid primary key default gen_random_uuid(),${ownColumns}
);
create index service_key_name on ${schema}.service_key (name);
comment on table ${schema}.service_key is 'Keys of services, for every org. Several of one name live side by side while the earlier one ends.';
comment on column ${schema}.service_key.digest is 'SHA-256 of the 32 random bytes: these stand nowhere.';

create table ${schema}.org_key (
  org_id uuid not null references ${schema}.org on delete cascade,
  id uuid not null default gen_random_uuid(),${ownColumns},
  primary key (org_id, id)
);
create index org_key_name on ${schema}.org_key (org_id, name);
create index org_key_id on ${schema}.org_key (id);
comment on table ${schema}.org_key is 'Keys of one org each. One works only while api_key has a row of its name, which says what it may do.';
comment on column ${schema}.org_key.digest is 'SHA-256 of the 32 random bytes: these stand nowhere.';
comment on column ${schema}.org_key.expires is 'Its own end, as a rotation sets it; the earlier of this and the declared one counts.';

create table ${schema}.signing_key (
  kid text primary key,
  private jsonb not null,
  public jsonb not null,
  created_at timestamptz not null,
  signs_from timestamptz not null,
  retires timestamptz
);
comment on table ${schema}.signing_key is 'What tokens are signed with, as JSON Web Keys. Only the runtime reads it.';
comment on column ${schema}.signing_key.signs_from is 'Published before it signs, so that everybody knows it by then.';
comment on column ${schema}.signing_key.retires is 'When the last token that it signed has ended: from then on it is refused.';

create table ${schema}.access_event (
  id bigint generated always as identity primary key,
  at timestamptz not null default clock_timestamp(),
  org_id uuid,
  key_id uuid,
  key_name text,
  event text not null check (event in ('created', 'changed', 'revoked', 'deleted', 'exchanged', 'refused')),
  reason text,
  count integer not null default 1 check (count > 0),
  login text not null default session_user,
  application text default nullif(current_setting('application_name', true), ''),
  actor text default nullif(current_setting('tenantry.actor', true), '')
);
create index access_event_org on ${schema}.access_event (org_id, at);
comment on table ${schema}.access_event is 'What became of keys, and who was let in or refused. It outlives the org, and knows no secret.';
comment on column ${schema}.access_event.org_id is 'Null for keys of services, and for refusals of what nobody knows.';
comment on column ${schema}.access_event.count is 'How many refusals one row stands for.';
comment on column ${schema}.access_event.login is 'The session user, which no SET ROLE changes.';

create table ${schema}.key_state (
  only_one boolean primary key default true check (only_one),
  version bigint not null default 0
);
comment on table ${schema}.key_state is 'One row, whose version grows with every change of a key: who remembers keys looks here.';
insert into ${schema}.key_state default values;
`;
}

/** Writes down what became of a key. One that moved to another org left the one and came to the other. */
function noteFunction(schema: string): string {
  return `
create function ${schema}.note_key_event() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  was constant jsonb := to_jsonb(old);
  is_now constant jsonb := to_jsonb(new);
  is_same constant boolean := was is not null and is_now is not null
    and (was -> 'id', was -> 'org_id') is not distinct from (is_now -> 'id', is_now -> 'org_id');
begin
  if was is not distinct from is_now then
    return null;
  end if;
  insert into ${schema}.access_event (org_id, key_id, key_name, event, reason)
  select (key ->> 'org_id')::uuid, (key ->> 'id')::uuid, key ->> 'name', event, reason
  from (
    select was as key, 'deleted' as event, null as reason where was is not null and not is_same
    union all
    select is_now, 'created', null where is_now is not null and not is_same
    union all
    select is_now, case when was ->> 'revoked_at' is null and is_now ->> 'revoked_at' is not null then 'revoked' else 'changed' end, (
      select string_agg(now.key || coalesce(' ' || case when now.key <> 'digest' then now.value end, ''), ', ' order by now.key)
      from jsonb_each_text(is_now) now
      where now.value is distinct from was ->> now.key and now.key <> 'revoked_at'
    ) where is_same
  ) noted;
  return null;
end $$;
`;
}

function countFunction(schema: string): string {
  return `
create function ${schema}.count_key_change() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  update ${schema}.key_state set version = version + 1;
  return null;
end $$;
`;
}

/** By row: keys are few, and an event is wanted of each. */
function noted(schema: string, table: string): string {
  return `
create trigger note_key_event after insert or update or delete on ${schema}.${table}
  for each row execute function ${schema}.note_key_event();
alter table ${schema}.${table} enable always trigger note_key_event;
`;
}

function counted(schema: string, table: string): string {
  return `
create trigger count_key_change after insert or update or delete on ${schema}.${table}
  for each statement execute function ${schema}.count_key_change();
alter table ${schema}.${table} enable always trigger count_key_change;
`;
}
