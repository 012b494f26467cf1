import { form, type HostileForm } from "./hostile-form.ts";

const table = { on: ["table"] as const };
// What does not fit fails with one of many states, all of which are data exceptions.
const cast = { showsBy: ["22", "42846"] };

/** Ways to read what is another org's: outright, by a detour, or by what an error or a notice tells. */
export const formsOfReading: readonly HostileForm[] = [
  form("select", "rows", "select * from :t"),
  form("select", "rows", "table :t"),
  form("select", "rows", "select t from :t t"),
  form("select", "rows", "select :c from :t order by :c::text desc limit 3 offset 1"),
  form("select", "rows", "select to_jsonb(t) from :t t"),
  form("select", "rows", "select string_agg(t::text, ',') from :t t"),
  form("select", "rows", "select array_agg(t.:c::text) from :t t"),
  form("select", "rows", "select distinct org_id from :t"),
  form("select", "rows", "select org_id, count(*), max(:c::text) from :t group by rollup (org_id)"),
  form("select", "rows", "select :c, rank() over (order by :c::text), count(*) over () from :t"),
  form("select", "rows", "select * from :t where org_id = any (array[:own, :other]::uuid[])"),
  form("select", "rows", "select * from :t limit 5 for key share skip locked", { needs: ["update"] }),
  form("select", "none", "select * from :t where org_id = :other"),
  form("select", "none", "select * from :t where org_id is distinct from :own"),
  form("select", "none", "select * from :t t where t::text like :hint"),
  form("select", "none", "select * from :t where :c::text ilike :hint and org_id = :other"),
  form("select", "none", "select count(*) from :t where org_id = :other"),
  form("select", "none", "select exists (select from :t where org_id = :other)"),
  form("select", "none", "select min(:c::text), max(:c::text) from :t having bool_or(org_id = :other)"),
  form("select", "none", "select org_id from :t except select :own::uuid"),
  form("select", "none", "select org_id from :t intersect select :other::uuid"),
  form("select", "none", "select * from :t where (org_id, org_id) in (select :other::uuid, :other::uuid)"),

  form("system columns", "rows", "select ctid, xmin, xmax, cmin, tableoid::regclass, t from :t t", table),
  form("system columns", "none", "select * from :t where ctid > '(0,0)' and org_id = :other", table),
  form("system columns", "rows", "select * from only :t tablesample system (100)", table),
  form("for update", "rows", "select * from :t limit 5 for update", { ...table, needs: ["update"] }),
  form("for update", "rows", "select * from :t limit 5 for share", { ...table, needs: ["update"] }),
  form("for update", "none", "select * from :t where org_id = :other for no key update nowait", {
    ...table,
    needs: ["update"],
  }),

  form("join", "words", "select a.*, b.* from :t a cross join :u b limit 20"),
  form("join", "none", "select a.*, b.* from :t a join :u b using (org_id) where org_id = :other"),
  form("join", "none", "select b.* from :t a right join :u b on true where b.org_id = :other"),
  form(
    "join",
    "none",
    "select a.* from :u b cross join lateral (select * from :t x where x.org_id <> b.org_id) a",
  ),
  form("join", "words", "select * from :t a natural full join :u b limit 20", {
    fails: ["0A000", "42804", "42883", "42725"],
  }),
  form("subquery", "none", "select * from (select * from :t offset 0) x where x.org_id = :other"),
  form("subquery", "none", "select (select count(*) from :t where org_id = :other)"),
  form("subquery", "none", "select array(select :c::text from :t where org_id = :other)"),
  form("subquery", "words", "select * from :u where org_id in (select org_id from :t)"),
  form(
    "subquery",
    "none",
    "select * from :u o where not exists (select from :t t where t.org_id = :own) and o.org_id = :other",
  ),
  form("cte", "none", "with x as materialized (select * from :t) select * from x where org_id = :other"),
  form("cte", "none", "with x as not materialized (select * from :t) select * from x where org_id = :other"),
  form(
    "cte",
    "rows",
    "with recursive r as (select :c::text as v, 1 as n from :t union all select v, n + 1 from r where n < 3) select * from r",
  ),

  form("copy", "rows", "copy :t to stdout", { on: ["table"] }),
  form("copy", "rows", "copy :t (:c) to stdout with (format csv)", { on: ["table"] }),
  form("copy", "rows", "copy (select * from :t) to stdout"),
  form("copy", "none", "copy (select * from :t where org_id = :other) to stdout"),
  form("copy", "refused", "copy :t to '/tmp/stolen'", { fails: ["42809"] }),
  form("copy", "refused", "copy (select * from :t) to program 'cat > /tmp/stolen'"),

  form("explain", "words", "explain (verbose, costs) select * from :t where :c::text like :hint"),
  form("explain", "words", "explain (analyze, verbose, buffers, timing off) select * from :t"),
  form("explain", "words", "explain (analyze, format json) select * from :t where org_id = :other"),
  form(
    "statistics",
    "none",
    "select * from pg_stats where schemaname = :schema_name and tablename = :t_name and most_common_vals::text || histogram_bounds::text like :hint",
  ),
  form("statistics", "words", "select * from pg_stats where tablename = :t_name"),
  form("statistics", "words", "select * from pg_stats_ext_exprs"),
  form("statistics", "refused", "select stavalues1 from pg_statistic where starelid = ':t'::regclass"),
  form(
    "statistics",
    "words",
    "select c.*, s.* from pg_class c left join pg_stat_all_tables s on s.relid = c.oid where c.oid = ':t'::regclass",
  ),
  form("statistics", "words", "select query from pg_stat_activity"),

  form(
    "error",
    "none",
    "select 1 / case when exists (select from :t where org_id = :other) then 0 else 1 end - 1",
  ),
  form("error", "words", "select count(1 / case when t::text like :hint then 0 else 1 end) from :t t"),
  form("error", "words", "select * from :t where 1 / case when org_id = :other then 0 else 1 end = 1"),
  form("error", "words", "select * from :t order by 1 / case when org_id = :other then 0 else 1 end"),
  form("error", "words", "select sum(:c::text::int) from :t", cast),
  form("error", "words", "select * from :t where :c::text::uuid is null", cast),
  form("error", "words", "select * from :t where :c::text::timestamptz > now()", cast),
  form("error", "words", "select * from :t t where t::text::jsonb is null", cast),
  form("error", "none", "select * from :t where org_id = :other and :c::text::numeric > 0"),
  form(
    "error",
    "words",
    "do $$ begin raise exception '%', (select string_agg(x::text, ',') from :t x); end $$",
    {
      fails: ["P0001", "22004"],
    },
  ),
  form(
    "error",
    "words",
    "do $$ begin if exists (select from :t where org_id = :other) then raise exception 'seen' using errcode = 'ZZ001'; end if; end $$",
  ),
  form(
    "notice",
    "words",
    "do $$ declare r record; begin for r in select * from :t loop raise notice '%', r; end loop; end $$",
  ),

  form(
    "spy",
    "rows",
    "create function pg_temp.spy(text) returns boolean language plpgsql cost 0.0000001 as $$ begin raise notice 'spied %', $1; return true; end $$; select * from :t where pg_temp.spy(:c::text)",
  ),
  form(
    "spy",
    "rows",
    "create function pg_temp.spy(text, text) returns boolean language plpgsql cost 0.0000001 as $$ begin raise notice 'spied %', $1; return true; end $$; create operator pg_temp.<<< (leftarg = text, rightarg = text, function = pg_temp.spy); select * from :t where :c::text operator(pg_temp.<<<) ''",
  ),
  form(
    "spy",
    "none",
    "create function pg_temp.steal() returns setof text language sql security definer as $$ select x::text from :t x where org_id = :other $$; select pg_temp.steal()",
  ),
  form(
    "spy",
    "refused",
    "create function pg_temp.leakproof(text) returns boolean language sql leakproof as 'select true'",
  ),
  form(
    "spy",
    "rows",
    "create function pg_temp.every() returns setof text language plpgsql as $$ begin return query execute 'select x::text from :t x'; end $$; select pg_temp.every()",
  ),

  form("view", "rows", "create temp view seen as select * from :t; select * from seen"),
  form(
    "view",
    "none",
    "create temp view seen with (security_invoker = false) as select * from :t; select * from seen where org_id = :other",
  ),
  form("view", "rows", "create temp table kept as select * from :t; select * from kept"),
  form("view", "refused", "create view :schema.seen as select * from :t"),
  form("view", "refused", "create materialized view :schema.kept as select * from :t"),

  form("prepare", "rows", "deallocate all; prepare asked as select * from :t; execute asked"),
  form(
    "prepare",
    "none",
    "deallocate all; prepare asked (uuid) as select * from :t where org_id = $1; execute asked (:other)",
  ),
  form(
    "cursor",
    "rows",
    "declare walk scroll cursor for select * from :t; fetch all from walk; fetch absolute 1 from walk",
  ),
  form(
    "cursor",
    "none",
    "declare walk cursor for select * from :t where org_id = :other; fetch all from walk",
  ),
  form("xml", "words", "select query_to_xml('select * from :t', true, false, '')", { fails: ["0A000"] }),
  form("xml", "words", "select table_to_xml(':t', true, false, '')", { fails: ["0A000"] }),
  form("text search", "words", "select * from ts_stat('select to_tsvector(''simple'', t::text) from :t t')"),
  form(
    "setting",
    "words",
    "select set_config('application_name', left((select string_agg(x::text, ',') from :t x), 60), true)",
  ),
  form(
    "notify",
    "words",
    "select pg_notify('stolen', left((select string_agg(x::text, ',') from :t x), 999))",
  ),
];
