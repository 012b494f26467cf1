import { catalogId } from "../../model/state.ts";
import { catalogTables, orgTables } from "./first-tables.ts";
import type { Migration } from "./migration.ts";

/** Everything that ever happened to a row, in one view: what it was, what it became, who did it and by which apply. */
export const timeline: Migration = {
  number: 11,
  name: "timeline",
  sql: ({ roles, schema }) => `
create index audit_row on ${schema}.audit (org_id, row_id, id);
create index audit_slug on ${schema}.audit ((before ->> 'slug')) where kind = 'org';
create index change_set_transaction on ${schema}.change_set (org_id, xid);
create index change_set_revision on ${schema}.change_set (revision) where revision is not null;

create view ${schema}.timeline with (security_invoker = true) as
select
  e.org_id,
  coalesce(o.slug, (
    select gone.before ->> 'slug' from ${schema}.audit gone
    where gone.org_id = e.org_id and gone.row_id = e.org_id and gone.kind = 'org' and gone.action = 'delete'
    order by gone.id desc limit 1
  )) as slug,
  e.id as event,
  e.at,
  e.kind,
  e.row_id,
  coalesce(next.before, live.is_now, e.before) ->> case
    when e.kind = 'member' then 'key'
    when e.kind in ('org', 'workspace', 'environment') then 'slug'
    when e.kind = 'invitation' then 'email'
    when e.kind = 'join_rule' then 'domain'
    else 'name'
  end as name,
  e.action,
  e.before,
  case when e.action <> 'delete' then coalesce(next.before, live.is_now) end as after,
  (
    select jsonb_object_agg(refers.id, coalesce(named.name, ${lastName(schema)}))
    from (${references("e.before")} union ${references("coalesce(next.before, live.is_now)")}) refers
    left join lateral (
      ${names(schema).join("\n      union all ")}
    ) named on true
  ) as names,
  e.login,
  e.application,
  e.actor,
  s.counter,
  s.revision,
  r."commit",
  r.title
from ${schema}.audit e
left join ${schema}.org o on o.org_id = e.org_id
left join lateral (
  -- Transactions have numbers of their own, but a restored database counts them anew: then the nearest is meant.
  select c.counter, c.revision from ${schema}.change_set c
  where c.org_id = e.org_id and c.xid = e.xid
  order by abs(extract(epoch from c.at - e.at)) limit 1
) s on true
left join ${schema}.revision r on r.revision = s.revision
left join lateral (
  select n.id, n.before from ${schema}.audit n
  where n.org_id = e.org_id and n.row_id = e.row_id and n.kind = e.kind and n.id > e.id
  order by n.id limit 1
) next on true
left join lateral (
  ${liveRows(schema).join("\n  union all ")}
) live on true;

comment on view ${schema}.timeline is 'Every change of every row: what it was and became, who made it, and by which revision and commit.';
comment on column ${schema}.timeline.slug is 'What the org is called now, or was when it went; null for the catalog.';
comment on column ${schema}.timeline.event is 'The changes of one row follow each other by it.';
comment on column ${schema}.timeline.after is 'The whole row as the change left it; null where it was deleted.';
comment on column ${schema}.timeline.names is 'What the rows are called that it refers to, by their ids.';
comment on column ${schema}.timeline.counter is 'The org''s counter as the transaction left it: transactions follow each other by it.';
comment on column ${schema}.timeline.revision is 'The apply that made the change; null for every other writer.';
${roles.mode === "single" ? "" : `grant select on ${schema}.timeline to ${roles.apply}, ${roles.runtime};`}
`,
};

/** The row as it is, where no later event says what it became. The test of the kind spares all tables but one. */
function liveRows(schema: string): string[] {
  const rows = (table: string, ofOrg: string) => `select to_jsonb(t) as is_now from ${schema}.${table} t
    where next.id is null and e.action <> 'delete' and e.kind = '${table}' and ${ofOrg}t.id = e.row_id`;
  return [
    ...catalogTables.map((table) => rows(table, "")),
    ...orgTables.map((table) => rows(table, "t.org_id = e.org_id and ")),
  ];
}

/** The rows that a row refers to: of its columns those that end in `_id`, and are not the app's own ids. */
function references(row: string): string {
  return `
      select value::uuid as id from jsonb_each_text(${row})
      where key ~ '_id$' and key not in ('org_id', 'user_id', 'client_id') and value is not null`;
}

function names(schema: string): string[] {
  const ofOrg = "where t.org_id = e.org_id and t.id = refers.id";
  const plain = (table: string, name: string, where: string) =>
    `select ${name} as name from ${schema}.${table} t ${where}`;
  return [
    plain("workspace", "t.slug", ofOrg),
    `select w.slug || '/' || t.slug from ${schema}.environment t
        join ${schema}.workspace w on w.org_id = t.org_id and w.id = t.workspace_id ${ofOrg}`,
    plain("resource", "t.type || '/' || t.name", ofOrg),
    plain("member", "t.key", ofOrg),
    ...["team", "role", "sso"].map((table) => plain(table, "t.name", ofOrg)),
    ...["catalog_role", "catalog_rate_limit", "feature", "flag", "product", "plan"].map((table) =>
      plain(table, "t.name", "where t.id = refers.id"),
    ),
    `select p.name || '@' || t.version from ${schema}.plan_version t
        join ${schema}.plan p on p.id = t.plan_id where t.id = refers.id`,
  ];
}

/** What a row was called that is gone. */
function lastName(schema: string): string {
  return `(
      select coalesce(gone.before ->> 'key', gone.before ->> 'slug', gone.before ->> 'name')
      from ${schema}.audit gone
      where gone.org_id in (e.org_id, '${catalogId}') and gone.row_id = refers.id and gone.before is not null
      order by gone.id desc limit 1
    )`;
}
