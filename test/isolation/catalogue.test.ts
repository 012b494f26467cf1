import { beforeEach, expect, it } from "vitest";
import type { Database } from "../../src/database/connect.ts";
import { descriptorOf } from "../../src/model/kinds.ts";
import { kindsInOrder } from "../../src/model/order.ts";
import { eachEngine } from "../engines.ts";
import { grantsOf, type WorkingRole } from "./granted.ts";
import { readRelations } from "./relations.ts";

/** Tables that hold no tenant's rows, besides the catalog's kinds. */
const ofNoTenant: { readonly [table: string]: string } = {
  migration: "says how far the schema is",
  estate: "one row, of the whole database",
  revision: "an apply changes many orgs",
  tx_pending: "holds numbers of transactions; granted to nobody",
  service_key: "its keys are for every org; the app reads none",
  signing_key: "signs for every org; only the runtime reads it",
  key_state: "one number",
};

/** Tables with rows of tenants that only trigger functions of the owner write: not forced on it, for that would block them. */
const books = ["access_event", "audit", "change_set", "org_books", "source", "tombstone"];

/** Tables with rows of tenants and no policy at all. */
const grantedToNobody = ["books_pending"];

/** Keys of tenants' tables without the org's id. */
const acrossOrgs: { readonly [constraint: string]: string } = {
  org_slug_taken: "a tenant's address, the one name that is unique among all",
  org_key_digest_key: "256 random bits, which tell nothing of the org",
  access_event_pkey: "an event may be of no org",
  tombstone_pkey: "a slug that is gone is not taken again",
};

eachEngine("the catalogue", (open) => {
  let database: Database;
  beforeEach(async () => {
    database = await open();
  });

  it("says of every table whether its rows are tenants', and holds those by policies", async () => {
    const { rows } = await database.pool.query<Guarded>(
      `select c.relname as name, c.relrowsecurity as enabled, c.relforcerowsecurity as forced,
         exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'org_id' and not a.attisdropped) as "hasOrg",
         (select count(*)::int from pg_policy p where p.polrelid = c.oid and p.polpermissive) as permissive,
         (select coalesce(json_agg(p.polname || ' for ' || p.polcmd::text || ' to ' || (select string_agg(r::regrole::text, ',') from unnest(p.polroles) r)
            || ' using ' || pg_get_expr(p.polqual, p.polrelid) order by 1), '[]')
          from pg_policy p where p.polrelid = c.oid and not p.polpermissive) as restrictive
       from pg_class c where c.relnamespace = $1::regnamespace and c.relkind in ('r', 'p', 'f', 'm') order by 1`,
      [database.schema],
    );
    const oneOrg = `one_org for * to ${database.rolePrefix}app using (org_id = ( SELECT (NULLIF(current_setting('tenantry.org_id'::text, true), ''::text))::uuid AS "nullif"))`;
    const catalogKinds = kindsInOrder.filter((kind) => descriptorOf(kind).tier === "catalog") as string[];
    for (const { name, hasOrg, ...guards } of rows) {
      expect(hasOrg, name).toBe(!(name in ofNoTenant) && !catalogKinds.includes(name));
      if (!hasOrg) continue;
      if (grantedToNobody.includes(name)) {
        expect(grantsOf(name), name).toEqual({});
        continue;
      }
      const isBook = books.includes(name);
      expect(guards, name).toEqual({
        enabled: true,
        forced: !isBook,
        permissive: expect.toSatisfy((count: number) => count >= 1),
        // The app is granted nothing of the books.
        restrictive: isBook ? [] : [oneOrg],
      });
      if (isBook) expect(grantsOf(name).app, name).toBeUndefined();
    }
    const names = rows.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining([...Object.keys(ofNoTenant), ...books, ...grantedToNobody]));
  });

  interface Guarded {
    readonly name: string;
    readonly hasOrg: boolean;
    readonly enabled: boolean;
    readonly forced: boolean;
    readonly permissive: number;
    readonly restrictive: readonly string[];
  }

  it("grants every role what is meant, and nothing to everybody", async () => {
    const { rows } = await database.pool.query<{ relation: string; role: string; granted: string }>(
      `with granted as (
         select c.relname as relation, acl.grantee, lower(acl.privilege_type) as privilege, null as attname, acl.is_grantable
         from pg_class c, aclexplode(c.relacl) acl where c.relnamespace = $1::regnamespace and acl.grantee <> c.relowner
         union all
         select c.relname, acl.grantee, lower(acl.privilege_type), a.attname, acl.is_grantable
         from pg_class c join pg_attribute a on a.attrelid = c.oid, aclexplode(a.attacl) acl
         where c.relnamespace = $1::regnamespace and acl.grantee <> c.relowner
       ), worded as (
         select relation, grantee, privilege || coalesce(' (' || string_agg(attname, ', ' order by attname) || ')', '')
           || case when bool_or(is_grantable) then ' with grant option' else '' end as word
         from granted group by relation, grantee, privilege
       )
       select relation, case grantee when 0 then 'public' else grantee::regrole::text end as role,
         string_agg(word, ', ' order by word collate "C") as granted
       from worded group by relation, grantee order by 1, 2`,
      [database.schema],
    );
    const found: { [relation: string]: { [role: string]: string } } = {};
    for (const { relation, role, granted } of rows) {
      found[relation] = { ...found[relation], [role.replace(database.rolePrefix, "")]: granted };
    }
    for (const { name } of await readRelations(database))
      expect(found[name] ?? {}, name).toEqual(grantsOf(name));
  });

  it("lets the working roles look into the schema, and nobody put anything there", async () => {
    const { rows } = await database.pool.query(
      `select acl.grantee::regrole::text as role, acl.privilege_type as privilege
       from pg_namespace n, aclexplode(n.nspacl) acl where n.nspname = $1 and acl.grantee <> n.nspowner order by 1`,
      [database.schema],
    );
    const roles = ["app", "apply", "runtime"].map((role) => database.rolePrefix + role);
    expect(rows).toEqual(roles.map((role) => ({ role, privilege: "USAGE" })));
    const later = await database.pool.query(
      "select from pg_default_acl where defaclnamespace in (0, $1::regnamespace)",
      [database.schema],
    );
    expect(later.rowCount).toBe(0);
  });

  it("gives the working roles nothing to own, and no way round the policies or into each other", async () => {
    const roles = (["apply", "runtime", "app"] satisfies WorkingRole[]).map(
      (role) => database.rolePrefix + role,
    );
    const { rows } = await database.pool.query(
      `select r.rolsuper, r.rolbypassrls, r.rolcanlogin, r.rolcreaterole, r.rolcreatedb, r.rolreplication,
         (select count(*)::int from pg_shdepend d where d.refobjid = r.oid and d.deptype = 'o') as owned,
         (select count(*)::int from pg_auth_members m where m.member = r.oid) as memberships
       from pg_roles r where r.rolname = any($1)`,
      [roles],
    );
    expect(rows).toHaveLength(3);
    for (const row of rows) {
      expect(row).toEqual({
        rolsuper: false,
        rolbypassrls: false,
        rolcanlogin: false,
        rolcreaterole: false,
        rolcreatedb: false,
        rolreplication: false,
        owned: 0,
        memberships: 0,
      });
    }
  });

  it("runs only trigger functions with the owner's rights, on a fixed search path, and lets nobody call any", async () => {
    const { rows } = await database.pool.query(
      `select proname, prosecdef as definer, prorettype::regtype::text as returns, proconfig as config,
         (select count(*)::int from aclexplode(coalesce(proacl, acldefault('f', proowner))) acl where acl.grantee <> proowner) as callers
       from pg_proc where pronamespace = $1::regnamespace`,
      [database.schema],
    );
    expect(rows.filter(({ definer }) => definer).length).toBeGreaterThan(0);
    for (const { proname, definer: _, ...row } of rows) {
      const fixed = { returns: "trigger", config: ["search_path=pg_catalog, pg_temp"], callers: 0 };
      expect(row, proname).toEqual(fixed);
    }
  });

  it("shows by views what their reader may see", async () => {
    const { rows } = await database.pool.query(
      `select relname as name, relkind as kind, coalesce(reloptions, '{}') @> '{security_invoker=true}' as invoker
       from pg_class where relnamespace = $1::regnamespace and relkind in ('v', 'm')`,
      [database.schema],
    );
    expect(rows).toEqual([{ name: "timeline", kind: "v", invoker: true }]);
  });

  it("has the org's id in every key of tenants' rows, so that none meets or names another org's", async () => {
    const { rows } = await database.pool.query<{ name: string; kind: string; has: boolean }>(
      `with own as (select attrelid, attnum from pg_attribute where attname = 'org_id' and attrelid in
         (select oid from pg_class where relnamespace = $1::regnamespace and relkind = 'r'))
       select c.conname as name, c.contype as kind,
         own.attnum = any (c.conkey) and (c.contype <> 'f' or target.attnum = c.confkey[array_position(c.conkey, own.attnum)]) as has
       from pg_constraint c join own on own.attrelid = c.conrelid
       left join own target on target.attrelid = c.confrelid
       where c.contype in ('p', 'u', 'x') or (c.contype = 'f' and target.attrelid is not null)
       union all
       select i.indexrelid::regclass::text, 'i', own.attnum = any (i.indkey::int2[])
       from pg_index i join own on own.attrelid = i.indrelid
       where i.indisunique and not exists (select from pg_constraint c where c.conindid = i.indexrelid)`,
      [database.schema],
    );
    expect(rows.length).toBeGreaterThan(50);
    const without = rows.filter(({ has }) => !has).map(({ name }) => name);
    expect(without.sort()).toEqual(Object.keys(acrossOrgs).sort());
  });
});
