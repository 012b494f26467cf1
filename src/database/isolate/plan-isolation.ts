import pg from "pg";
import { ofThisOrg } from "../migrations/secure-table.ts";
import type { AppTable, Policy } from "./read-table.ts";

/** What isolates a table, as far as it is not so already. */
export interface Isolation {
  readonly table: string;
  /** To be run in order; empty where there is nothing to do. */
  readonly steps: readonly Step[];
  /** What is not needed to isolate it, and of use. */
  readonly suggestions: readonly { readonly why: string; readonly sql: string }[];
  /** What to know of it. */
  readonly notes: readonly string[];
}

export interface Step {
  readonly sql: string;
  /** The policy that stood there before, as SQL; null where nothing is replaced. */
  readonly replaces: string | null;
}

export interface IsolationWanted {
  /** The role that the policies hold, and those that are members of it; `public` for everybody. */
  readonly role: string;
  /** The role itself, what it is a member of, and what is a member of it. */
  readonly related: readonly string[];
  /** Whether org_id is to refer to the estate's orgs. */
  readonly reference: boolean;
  /** The estate's schema, as SQL writes it. */
  readonly estate: string;
}

/**
 * Plans the isolation of a table whose org_id is a uuid. A permissive policy is only made where the table has none of its
 * own: permissive ones are or-ed, and another would show more than the app wants to show within an org.
 */
export function planIsolation(table: AppTable, wanted: IsolationWanted): Isolation {
  const { name, policies } = table;
  const { role } = wanted;
  const own = policies.filter(
    (policy) => policy.isPermissive && policy.name !== everyOrg && concerns(policy, wanted),
  );
  const steps = [
    ...(table.isEnabled ? [] : [step(`alter table ${name} enable row level security`)]),
    ...(table.isForced ? [] : [step(`alter table ${name} force row level security`)]),
    ...(own.length > 0 ? [] : policySteps(table, permissive(role))),
    ...policySteps(table, restrictive(role)),
    ...table.partitionGrants.map(({ partition, grantee }) =>
      step(`revoke all on ${partition} from ${roleSql(grantee)}`),
    ),
    ...(wanted.reference && !table.hasReference ? referenceSteps(table, wanted.estate) : []),
  ];
  return { table: name, steps, suggestions: suggest(table, wanted), notes: notesOn(table, own) };
}

const everyOrg = "every_org";
const oneOrg = "one_org";

function permissive(role: string): Policy {
  return { name: everyOrg, isPermissive: true, command: "*", roles: [role], using: "true", check: "true" };
}

function restrictive(role: string): Policy {
  return { name: oneOrg, isPermissive: false, command: "*", roles: [role], using: ofThisOrg, check: null };
}

function policySteps({ name, policies }: AppTable, wanted: Policy): Step[] {
  const found = policies.find((policy) => policy.name === wanted.name);
  if (found && isSame(found, wanted)) return [];
  const create = policySql(name, wanted);
  if (!found) return [step(create)];
  return [{ sql: `drop policy ${wanted.name} on ${name}`, replaces: policySql(name, found) }, step(create)];
}

/** Without a check of its own, a policy checks what is written by what it lets be read. */
function isSame(found: Policy, wanted: Policy): boolean {
  return (
    found.isPermissive === wanted.isPermissive &&
    found.command === wanted.command &&
    found.roles.join() === wanted.roles.join() &&
    bare(found.using) === bare(wanted.using) &&
    bare(found.check ?? found.using) === bare(wanted.check ?? wanted.using)
  );
}

/** What the server adds to an expression when it writes it out, taken away: brackets, casts of texts, a name, blanks. */
function bare(expression: string | null): string {
  return (expression ?? "").toLowerCase().replace(/::text|\s+as\s+"nullif"|[()\s]/g, "");
}

/** Whether a policy shows rows to somebody whom the wanted ones would hold. */
function concerns({ roles }: Policy, { role, related }: IsolationWanted): boolean {
  return role === "public" || roles.some((one) => one === "public" || related.includes(one));
}

const commands: { readonly [command: string]: string } = {
  r: "select",
  a: "insert",
  w: "update",
  d: "delete",
};

function policySql(table: string, { name, isPermissive, command, roles, using, check }: Policy): string {
  return [
    `create policy ${pg.escapeIdentifier(name).replace(/^"([a-z_]+)"$/, "$1")} on ${table}`,
    isPermissive ? "" : " as restrictive",
    commands[command] ? ` for ${commands[command]}` : "",
    ` to ${roles.map(roleSql).join(", ")}`,
    using === null ? "" : ` using (${using})`,
    check === null ? "" : ` with check (${check})`,
  ].join("");
}

export function roleSql(role: string): string {
  return role === "public" ? "public" : pg.escapeIdentifier(role);
}

function referenceSteps({ name, owner, mayRefer }: AppTable, estate: string): Step[] {
  return [
    ...(mayRefer
      ? []
      : [
          step(`grant usage on schema ${estate} to ${roleSql(owner)}`),
          step(`grant references (org_id) on ${estate}.org to ${roleSql(owner)}`),
        ]),
    step(referenceSql(name, estate)),
  ];
}

function referenceSql(table: string, estate: string): string {
  return `alter table ${table} add foreign key (org_id) references ${estate}.org (org_id)`;
}

function suggest(table: AppTable, { reference, estate }: IsolationWanted): Isolation["suggestions"] {
  const { name, isPartitioned } = table;
  return [
    ...(table.isOptional
      ? [
          {
            why: "a row without org_id shows to nobody",
            sql: `alter table ${name} alter column org_id set not null`,
          },
        ]
      : []),
    ...(table.hasReference || reference
      ? []
      : [
          {
            why: "org_id may name an org that does not exist; --reference adds this. An org is then only purged once its rows here are gone",
            sql: referenceSql(name, estate),
          },
        ]),
    ...(table.hasIndex
      ? []
      : [
          {
            why: "no index begins with org_id, so that every query reads the rows of all orgs",
            sql: `create index ${isPartitioned ? "" : "concurrently "}on ${name} (org_id)`,
          },
        ]),
  ];
}

function notesOn({ isEnabled, owner, ownerPower, policies }: AppTable, own: readonly Policy[]): string[] {
  const dormant = policies.filter(({ name }) => name !== everyOrg && name !== oneOrg);
  const listed = (some: readonly Policy[]) => some.map(({ name }) => name).join(", ");
  return [
    ownerPower === null
      ? `It holds the owner, ${owner}, as well: what works on all orgs at once needs a role with BYPASSRLS.`
      : `It does not hold the owner, ${owner}, which ${powers[ownerPower]}: whoever works as it sees the rows of every org.`,
    ...(own.length > 0
      ? [`What shows within an org is still said by its own policies: ${listed(own)}.`]
      : []),
    ...(!isEnabled && dormant.length > 0
      ? [`Row-level security was off; with it these come into force: ${listed(dormant)}.`]
      : []),
  ];
}

const powers = {
  superuser: "is a superuser",
  bypassrls: "has BYPASSRLS",
} satisfies Record<NonNullable<AppTable["ownerPower"]>, string>;

function step(sql: string): Step {
  return { sql, replaces: null };
}
