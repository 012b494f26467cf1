import { form, type HostileForm } from "./hostile-form.ts";

/** What a row that may be written can meet: constraints, generated columns, triggers, values that do not fit. */
const meets = [
  "23502",
  "23503",
  "23505",
  "23514",
  "23P01",
  "428C9",
  "22P02",
  "22001",
  "22003",
  "21000",
  "55000",
  "42P10",
];
const insert = { on: ["table"] as const, needs: ["insert"] as const, fails: meets };
const update = { on: ["table"] as const, needs: ["update"] as const, fails: meets };
const remove = { on: ["table"] as const, needs: ["delete"] as const, fails: meets };

/** Ways to touch rows of another org, or to have a constraint tell of them. */
export const formsOfWriting: readonly HostileForm[] = [
  form("insert", "write", "insert into :t default values", insert),
  form("insert", "write", "insert into :t (org_id) values (:other)", insert),
  form("insert", "write", "insert into :t (org_id) values (:own) returning *", insert),
  form("insert", "write", "insert into :t overriding system value select * from :t", insert),
  form(
    "insert",
    "write",
    "insert into :t overriding user value select * from :t where org_id = :other on conflict do nothing",
    insert,
  ),
  form(
    "unique",
    "write",
    "insert into :t (:c, org_id) select :c, :other from :t on conflict do nothing returning *",
    { ...insert, fails: [...meets, "42701"] },
  ),
  form("foreign key", "write", "insert into :t (org_id) select org_id from :u returning *", insert),
  form(
    "foreign key",
    "refused",
    "create temp table pointing (org_id uuid, id uuid, foreign key (org_id, id) references :t)",
    {
      on: ["table"],
      fails: ["42P16", "42703", "42830"],
    },
  ),
  form("copy", "write", "copy :t from stdin", { ...insert, fails: [...meets, "57014", "0A000"] }),
  form("copy", "refused", "copy :t from program 'true'", { on: ["table"] }),
  form("copy", "refused", "copy :t from '/etc/passwd'", { on: ["table"] }),

  form("update", "write", "update :t set :c = :c", update),
  form("update", "write", "update :t set :c = :c where org_id = :other returning *", update),
  form("update", "write", "update :t set org_id = :other", update),
  form("update", "write", "update :t set org_id = :own where org_id = :other", update),
  form(
    "update",
    "write",
    "update :t t set :c = t.:c from :u u where u.org_id = :other returning u.*",
    update,
  ),
  form(
    "update",
    "write",
    "update :t set :c = default where current_setting('tenantry.org_id', true) <> ''",
    update,
  ),

  form("delete", "write", "delete from :t", remove),
  form("delete", "write", "delete from :t where org_id = :other returning *", remove),
  form("delete", "write", "delete from only :t using :u u where u.org_id = :other", remove),

  form(
    "merge",
    "write",
    "merge into :t t using (select :other::uuid as o) s on t.org_id = s.o when matched then delete",
    remove,
  ),
  form(
    "merge",
    "write",
    "merge into :t t using :u u on t.org_id = u.org_id when matched then update set :c = t.:c",
    update,
  ),
  form(
    "merge",
    "write",
    "merge into :t t using (select :other::uuid as o) s on false when not matched then insert (org_id) values (s.o)",
    insert,
  ),

  form("data-modifying cte", "write", "with gone as (delete from :t returning *) select * from gone", remove),
  form(
    "data-modifying cte",
    "write",
    "with set_ as (update :t set :c = :c returning *) select * from set_ where org_id = :other",
    update,
  ),
  form(
    "data-modifying cte",
    "write",
    "with made as (insert into :t (org_id) values (:other) returning *) select * from made",
    insert,
  ),

  form("truncate", "refused", "truncate :t", { on: ["table"], fails: ["0A000"] }),
  form("truncate", "refused", "truncate only :t restart identity cascade", { on: ["table"] }),
  form("lock", "write", "lock table :t in access exclusive mode nowait", {
    needs: ["update", "delete"],
    fails: ["55P03"],
  }),
  form("lock", "write", "lock table :t in share row exclusive mode nowait", {
    needs: ["update", "delete"],
    fails: ["55P03"],
  }),
  form("lock", "write", "lock table :t in access share mode nowait", { needs: ["select"], fails: ["55P03"] }),
];
