import type { Migration } from "./migration.ts";
import { ledger, orgPart, orgRow } from "./row-columns.ts";

/** Who is in an org, and what they hold there. */
export const people: Migration = {
  number: 5,
  name: "people",
  sql: ({ schema }) => `
create table ${schema}.role (${orgRow(schema)}
  name text not null,
  description text,
  inherits text[] not null default '{}',
  grants jsonb not null default '[]',
  across text check (across = 'workspaces'),
  at_least integer not null default 0 check (at_least >= 0),${ledger},
  primary key (org_id, id),
  constraint role_name_taken unique (org_id, name) deferrable
);
comment on table ${schema}.role is 'Roles that one org has for itself.';

create table ${schema}.member (${orgRow(schema)}
  key text not null,
  email text,
  user_id text,
  name text,
  type text not null default 'user' check (type in ('user', 'service')),
  status text not null default 'active' check (status in ('active', 'suspended')),
  attributes jsonb not null default '{}',
  metadata jsonb not null default '{}',${ledger},
  email_key text generated always as (lower(email)) stored,
  primary key (org_id, id),
  constraint member_key_taken unique (org_id, key) deferrable,
  constraint member_user_id_taken unique (org_id, user_id) deferrable,
  constraint member_email_taken unique (org_id, email_key) deferrable
);
comment on table ${schema}.member is 'People and services of an org.';
comment on column ${schema}.member.key is 'The email address in lower case, or the app''s user id: what checks name.';
comment on column ${schema}.member.email_key is 'What addresses are compared by: without case. A column, because only columns can be unique in a deferrable way.';

create table ${schema}.team (${orgRow(schema)}
  name text not null,
  description text,
  parent_id uuid,
  metadata jsonb not null default '{}',${ledger},
  primary key (org_id, id),
  foreign key (org_id, parent_id) references ${schema}.team deferrable,
  constraint team_name_taken unique (org_id, name) deferrable,
  constraint team_parent_is_another check (parent_id <> id)
);
create index team_parent on ${schema}.team (org_id, parent_id) where parent_id is not null;
comment on table ${schema}.team is 'Members who hold roles together. Members of a team are members of its parents.';

create table ${schema}.team_member (${orgPart}
  team_id uuid not null,
  member_id uuid not null,
  role text not null default 'member' check (role in ('member', 'maintainer')),${ledger},
  primary key (org_id, id),
  foreign key (org_id, team_id) references ${schema}.team,
  foreign key (org_id, member_id) references ${schema}.member,
  constraint team_member_taken unique (org_id, team_id, member_id) deferrable
);
create index team_member_member on ${schema}.team_member (org_id, member_id);
comment on table ${schema}.team_member is 'Who is in which team.';

create table ${schema}.binding (${orgPart}
  member_id uuid,
  team_id uuid,
  catalog_role_id uuid references ${schema}.catalog_role,
  role_id uuid,
  workspace_id uuid,
  environment_id uuid,
  resource_id uuid,${ledger},
  primary key (org_id, id),
  foreign key (org_id, member_id) references ${schema}.member,
  foreign key (org_id, team_id) references ${schema}.team,
  foreign key (org_id, role_id) references ${schema}.role,
  foreign key (org_id, workspace_id) references ${schema}.workspace,
  foreign key (org_id, environment_id) references ${schema}.environment,
  foreign key (org_id, resource_id) references ${schema}.resource,
  constraint binding_has_one_holder check (num_nonnulls(member_id, team_id) = 1),
  constraint binding_has_one_role check (num_nonnulls(catalog_role_id, role_id) = 1),
  constraint binding_has_one_place check (num_nonnulls(workspace_id, environment_id, resource_id) <= 1),
  constraint binding_taken unique nulls not distinct
    (org_id, member_id, team_id, catalog_role_id, role_id, workspace_id, environment_id, resource_id) deferrable
);
create index binding_team on ${schema}.binding (org_id, team_id) where team_id is not null;
create index binding_role on ${schema}.binding (org_id, role_id) where role_id is not null;
create index binding_workspace on ${schema}.binding (org_id, workspace_id) where workspace_id is not null;
create index binding_environment on ${schema}.binding (org_id, environment_id) where environment_id is not null;
create index binding_resource on ${schema}.binding (org_id, resource_id) where resource_id is not null;
comment on table ${schema}.binding is 'A member or a team holds a role: in the whole org, or in one place. Bindings have no index by the catalog''s role, which is seldom deleted.';

create table ${schema}.invitation (${orgRow(schema)}
  email text not null,
  grants jsonb not null default '{}',
  status text not null default 'pending' check (status in ('pending', 'accepted', 'rejected', 'revoked', 'expired')),
  expires timestamptz,
  message text,${ledger},
  primary key (org_id, id),
  constraint invitation_email_taken unique (org_id, email) deferrable
);
comment on table ${schema}.invitation is 'Who is asked to join, and what they will hold.';

create table ${schema}.sso (${orgRow(schema)}
  name text not null,
  description text,
  protocol text check (protocol in ('oidc', 'saml')),
  issuer text,
  client_id text,
  client_secret text,
  metadata_url text,
  domains text[] not null default '{}',
  enabled boolean not null default true,${ledger},
  primary key (org_id, id),
  constraint sso_name_taken unique (org_id, name) deferrable
);
comment on table ${schema}.sso is 'Connections to identity providers.';
comment on column ${schema}.sso.client_secret is 'A reference to the secret, never the secret.';

create table ${schema}.join_rule (${orgRow(schema)}
  domain text not null,
  grants jsonb not null default '{}',
  sso_id uuid,${ledger},
  primary key (org_id, id),
  foreign key (org_id, sso_id) references ${schema}.sso deferrable,
  constraint join_rule_domain_taken unique (org_id, domain) deferrable
);
create index join_rule_sso on ${schema}.join_rule (org_id, sso_id) where sso_id is not null;
comment on table ${schema}.join_rule is 'Who may join without an invitation, by verified email domain.';
`,
};
