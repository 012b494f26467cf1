import { form, type HostileForm } from "./hostile-form.ts";

/**
 * What one transaction leaves to the next on its connection. `:enter` begins one as the role for the own org, `:cross`
 * for the other one, `:leave` for none.
 */
export const formsOfSessions: readonly HostileForm[] = [
  form(
    "held cursor",
    "rows",
    ":enter; declare held cursor with hold for select * from :t; commit; :leave; fetch all from held; commit",
  ),
  form(
    "held cursor",
    "none",
    ":cross; declare held cursor with hold for select * from :t; rollback; :enter; fetch all from held; commit",
    { fails: ["34000"] },
  ),
  form(
    "held cursor",
    "rows",
    ":cross; commit; :enter; declare held cursor with hold for select * from :t; commit; :cross; fetch all from held; commit",
  ),
  form("prepared", "rows", ":cross; prepare kept as select * from :t; commit; :enter; execute kept; commit"),
  form(
    "prepared",
    "rows",
    "set plan_cache_mode = force_generic_plan; :cross; prepare kept as select * from :t; explain execute kept; commit; :enter; execute kept; commit",
  ),
  form(
    "prepared",
    "none",
    "set plan_cache_mode = force_generic_plan; :enter; prepare kept as select * from :t where org_id is not null; explain execute kept; commit; :leave; execute kept; commit",
  ),
  form(
    "kept function",
    "rows",
    ":cross; create function pg_temp.kept() returns setof text language plpgsql as $$ begin return query select x::text from :t x; end $$; do $$ begin perform pg_temp.kept(); end $$; commit; :enter; select pg_temp.kept(); commit",
  ),
  form(
    "kept view",
    "rows",
    ":cross; create temp view kept as select * from :t; commit; :enter; select * from kept; commit",
  ),
  form(
    "kept setting",
    "rows",
    ":cross; set tenantry.org_id = ':other_id'; commit; :enter; select * from :t; commit",
  ),
  form("lost setting", "none", ":cross; commit; :leave; select * from :t where org_id = :other; commit"),
  form("lost setting", "none", ":cross; rollback; :leave; select * from :t where org_id = :other; commit"),
  form("chained", "none", ":cross; commit and chain; select * from :t where org_id = :other; commit"),
  // Locks the table before it is refused: beside others it would have them wait.
  form("rule", "refused", ":enter; create rule stolen as on update to :t do also select 1", {
    fails: ["42P17"],
  }),
  form("two-phase", "refused", ":enter; select count(*) from :t; prepare transaction 'kept'", {
    fails: ["55000"],
  }),
];
