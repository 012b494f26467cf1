import type { Migration } from "./migration.ts";
import { ledger, orgPart, orgRow } from "./row-columns.ts";

/** The org, and the places in it: workspaces, their environments, known resources. */
export const places: Migration = {
  number: 4,
  name: "places",
  sql: ({ schema }) => `
create table ${schema}.org (
  org_id uuid primary key,
  id uuid not null,
  slug text not null check (slug ~ '^[a-z0-9][a-z0-9-]{1,98}[a-z0-9]$'),
  name text check (char_length(name) <= 200),
  description text,
  status text not null default 'active' check (status in ('active', 'suspended', 'archived', 'deleted')),
  primary_domain text,
  industry text check (char_length(industry) <= 100),
  contact_email text,
  billing_email text,
  support_tier text check (support_tier in ('community', 'standard', 'premium', 'enterprise')),
  attributes jsonb not null default '{}',
  metadata jsonb not null default '{}',
  templates text[] not null default '{}',
  manage jsonb not null default '{}',
  protected boolean not null default false,
  purge_after timestamptz,
  created_at timestamptz not null default now(),${ledger},
  constraint org_is_its_own check (id = org_id),
  constraint org_slug_taken unique (slug) deferrable
);
comment on table ${schema}.org is 'The tenants.';
comment on column ${schema}.org.slug is 'Its address, and the one name of a tenant''s that is unique among all.';
comment on column ${schema}.org.manage is 'By section: mode additive or authoritative, and over whom.';
comment on column ${schema}.org.protected is 'Refuses deletion, also when the manifest is gone.';

create table ${schema}.workspace (${orgRow(schema)}
  slug text not null,
  name text,
  description text,
  settings jsonb not null default '{}',
  metadata jsonb not null default '{}',${ledger},
  primary key (org_id, id),
  constraint workspace_slug_taken unique (org_id, slug) deferrable
);
comment on table ${schema}.workspace is 'Parts of an org that are invisible to one another.';

create table ${schema}.environment (${orgPart}
  workspace_id uuid not null,
  slug text not null,
  name text,
  description text,
  tier text not null default 'dev' check (tier in ('dev', 'stage', 'prod')),
  host text not null default 'localhost' check (host in ('localhost', 'cloudrun', 'aws')),
  backend text,
  credentials jsonb not null default '{}',
  metadata jsonb not null default '{}',${ledger},
  primary key (org_id, id),
  foreign key (org_id, workspace_id) references ${schema}.workspace,
  constraint environment_slug_taken unique (org_id, workspace_id, slug) deferrable
);
comment on table ${schema}.environment is 'Where a workspace runs.';
comment on column ${schema}.environment.credentials is 'References to secrets by name, never a secret.';

create table ${schema}.resource (${orgRow(schema)}
  type text not null,
  name text not null,
  description text,
  workspace_id uuid,
  environment_id uuid,
  attributes jsonb not null default '{}',${ledger},
  primary key (org_id, id),
  foreign key (org_id, workspace_id) references ${schema}.workspace deferrable,
  foreign key (org_id, environment_id) references ${schema}.environment deferrable,
  constraint resource_name_taken unique (org_id, type, name) deferrable
);
create index resource_workspace on ${schema}.resource (org_id, workspace_id) where workspace_id is not null;
create index resource_environment on ${schema}.resource (org_id, environment_id) where environment_id is not null;
comment on table ${schema}.resource is 'Known objects of the app, on which roles can be held.';
`,
};
