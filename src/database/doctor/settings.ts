import pg from "pg";
import type { Finding } from "./finding.ts";
import type { Patient } from "./patient.ts";

interface Kept {
  readonly name: string;
  readonly value: string;
  readonly role: string | null;
  readonly database: string | null;
}

/** Settings kept for roles or databases that speak for a tenant unasked, or turn off what keeps tenants apart. */
export async function checkSettings({ transaction }: Patient): Promise<readonly Finding[]> {
  const { rows: kept } = await transaction.query<Kept>(
    `select split_part(setting, '=', 1) as name, substr(setting, strpos(setting, '=') + 1) as value,
       pg_get_userbyid(nullif(s.setrole, 0)) as role,
       (select datname from pg_database d where d.oid = s.setdatabase) as database
     from pg_db_role_setting s cross join lateral unnest(s.setconfig) setting
     where s.setdatabase in (0, (select oid from pg_database where datname = current_database()))
     order by 1, 3, 4`,
  );
  const { rows: now } = await transaction.query<{ orgId: string; rowSecurity: string; source: string }>(
    `select coalesce(current_setting('tenantry.org_id', true), '') as "orgId", s.setting as "rowSecurity", s.source
     from pg_settings s where s.name = 'row_security'`,
  );
  const found = kept.flatMap((one) => findingOn(one) ?? []);
  const isTold = (id: string) => found.some((one) => one.id === id);
  const session = now[0];
  return [
    ...found,
    ...(session && session.orgId !== "" && !isTold("org-id-preset") ? [preset("this session", [])] : []),
    ...(session?.rowSecurity === "off" && !isTold("row-security-setting")
      ? [
          unasked(`the server's ${session.source}`, [
            "alter system reset row_security",
            "select pg_reload_conf()",
          ]),
        ]
      : []),
  ];
}

function findingOn(kept: Kept): Finding | null {
  const where = [kept.role && `role ${kept.role}`, kept.database && `database ${kept.database}`]
    .filter(Boolean)
    .join(" in ");
  const reset = [resetSql(kept)];
  switch (kept.name) {
    case "tenantry.org_id":
      return preset(where, reset);
    case "tenantry.role":
      return {
        id: "role-preset",
        severity: "error",
        where,
        risk: "A transaction that forgets to say what it works as, works as this: where one role owns the estate, that decides whether it sees every org.",
        mend: "Take the setting away.",
        sql: reset,
      };
    case "row_security":
      return /^(?:off|false|no|0)$/i.test(kept.value) ? unasked(where, reset) : null;
    case "session_replication_role":
      return kept.value === "origin" ? null : replica(where, reset);
    default:
      return null;
  }
}

function resetSql({ name, role, database }: Kept): string {
  const inDatabase = database === null ? "" : pg.escapeIdentifier(database);
  if (role === null)
    return database === null ? `alter role all reset ${name}` : `alter database ${inDatabase} reset ${name}`;
  return `alter role ${pg.escapeIdentifier(role)}${database === null ? "" : ` in database ${inDatabase}`} reset ${name}`;
}

function preset(where: string, sql: readonly string[]): Finding {
  return {
    id: "org-id-preset",
    severity: "error",
    where,
    risk: "A transaction that forgets to say whose it is sees this org, instead of nothing.",
    mend: "Take the setting away: each transaction sets it for itself.",
    sql,
  };
}

function unasked(where: string, sql: readonly string[]): Finding {
  return {
    id: "row-security-setting",
    severity: "warning",
    where,
    risk: "With row_security = off every query that a policy would hold fails instead: who then gives out BYPASSRLS opens every org.",
    mend: "Take the setting away.",
    sql,
  };
}

function replica(where: string, sql: readonly string[]): Finding {
  return {
    id: "replication-role-setting",
    severity: "error",
    where,
    risk: "Foreign keys are not checked there, nor do ordinary triggers fire: rows can refer into another org.",
    mend: "Take the setting away.",
    sql,
  };
}
