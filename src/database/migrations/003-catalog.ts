import type { Migration } from "./migration.ts";
import { ledger } from "./row-columns.ts";

/**
 * The catalog's tables, one a kind. What tells rows apart is unique, and deferrable throughout: an apply
 * may swap names. References that a row can change while it stays are deferrable for the same reason.
 */
export const catalog: Migration = {
  number: 3,
  name: "catalog",
  sql: ({ schema }) => `
create table ${schema}.catalog (
  id uuid primary key default gen_random_uuid(),
  name text,
  description text,
  max_removals numeric check (max_removals between 0 and 100),
  allow_user_to_create_organization boolean not null default true,
  organization_limit integer check (organization_limit >= 0),
  membership_limit integer default 100 check (membership_limit >= 0),
  team_limit integer check (team_limit >= 0),
  team_member_limit integer check (team_member_limit >= 0),
  creator_role text not null default 'owner',
  invitation_expires_in integer not null default 172800 check (invitation_expires_in >= 0),
  invitation_limit integer default 100 check (invitation_limit >= 0),
  disable_organization_deletion boolean not null default false,${ledger}
);
create unique index catalog_only_one on ${schema}.catalog ((true));
comment on table ${schema}.catalog is 'The settings of the whole catalog; one row. A limit that is null is none.';
comment on column ${schema}.catalog.max_removals is 'Per cent of an org''s rows of a kind that one apply may remove.';
comment on column ${schema}.catalog.invitation_expires_in is 'Seconds.';

create table ${schema}.attribute (
  id uuid primary key default gen_random_uuid(),
  subject text not null,
  name text not null,
  type text,
  choices text[],${ledger},
  constraint attribute_name_taken unique (subject, name) deferrable
);
comment on table ${schema}.attribute is 'What conditions may ask about: of orgs, members, requests and types of resource.';

create table ${schema}.permission (
  id uuid primary key default gen_random_uuid(),
  resource_type text not null,
  action text not null,
  scope text not null default 'org' check (scope in ('org', 'workspace', 'environment')),
  description text,${ledger},
  constraint permission_name_taken unique (resource_type, action) deferrable
);
comment on table ${schema}.permission is 'The whole vocabulary of permissions, as resource_type:action.';

create table ${schema}.catalog_role (
  id uuid primary key default gen_random_uuid(),
  name text not null,
  description text,
  inherits text[] not null default '{}',
  grants jsonb not null default '[]',
  across text check (across = 'workspaces'),
  at_least integer not null default 0 check (at_least >= 0),${ledger},
  constraint catalog_role_name_taken unique (name) deferrable
);
comment on table ${schema}.catalog_role is 'Roles that every org has.';
comment on column ${schema}.catalog_role.across is 'workspaces: held at org level, it also counts in every workspace.';
comment on column ${schema}.catalog_role.at_least is 'How many active members of every org must hold it.';

create table ${schema}.feature (
  id uuid primary key default gen_random_uuid(),
  name text not null,
  description text,
  type text check (type in ('switch', 'limit', 'quota', 'choice')),
  counts text,
  choices text[],
  combine text not null default 'highest' check (combine in ('highest', 'sum')),${ledger},
  constraint feature_name_taken unique (name) deferrable
);
comment on table ${schema}.feature is 'What plans give: a switch, a limit, a quota or a choice.';
comment on column ${schema}.feature.combine is 'What counts where several products give it.';

create table ${schema}.catalog_rate_limit (
  id uuid primary key default gen_random_uuid(),
  name text not null,
  amount integer check (amount >= 0),
  period text,${ledger},
  constraint catalog_rate_limit_name_taken unique (name) deferrable
);
comment on table ${schema}.catalog_rate_limit is 'Rate limits that an org has where its plan says nothing.';

create table ${schema}.product (
  id uuid primary key default gen_random_uuid(),
  name text not null,
  position integer,${ledger},
  constraint product_name_taken unique (name) deferrable
);
comment on table ${schema}.product is 'What is sold; an org has one subscription a product. The first by position is what org.plan means.';

create table ${schema}.plan (
  id uuid primary key default gen_random_uuid(),
  name text not null,
  description text,
  product_id uuid references ${schema}.product deferrable,
  fallback boolean not null default false,
  metadata jsonb not null default '{}',${ledger},
  constraint plan_name_taken unique (name) deferrable
);
comment on table ${schema}.plan is 'Commercial plans.';
comment on column ${schema}.plan.fallback is 'What an org has when nothing else is in force.';

create table ${schema}.plan_version (
  id uuid primary key default gen_random_uuid(),
  plan_id uuid not null references ${schema}.plan,
  version integer not null check (version >= 1),
  extends text,
  description text,
  price jsonb,
  trial_days integer check (trial_days >= 0),
  entitlements jsonb not null default '{}',
  rate_limits jsonb not null default '{}',${ledger},
  constraint plan_version_taken unique (plan_id, version) deferrable
);
comment on table ${schema}.plan_version is 'What a plan costs and gives. Once subscribed to, a version never changes.';

create table ${schema}.flag (
  id uuid primary key default gen_random_uuid(),
  name text not null,
  description text,
  type text,
  variants jsonb,
  "default" jsonb,
  rules jsonb not null default '[]',
  salt text not null default gen_random_uuid()::text,
  metadata jsonb not null default '{}',${ledger},
  constraint flag_name_taken unique (name) deferrable
);
comment on table ${schema}.flag is 'Feature flags, with the rules that hold for all orgs.';
comment on column ${schema}.flag.salt is 'What spreads orgs over a rollout. It stays when the flag is renamed, and so does every answer.';

create table ${schema}.template (
  id uuid primary key default gen_random_uuid(),
  name text not null,
  description text,
  extends text,
  body jsonb not null default '{}',
  locked text[] not null default '{}',${ledger},
  constraint template_name_taken unique (name) deferrable
);
comment on table ${schema}.template is 'Sections that orgs are made from.';
`,
};
