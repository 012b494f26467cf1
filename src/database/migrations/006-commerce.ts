import type { Migration } from "./migration.ts";
import { ledger, orgRow } from "./row-columns.ts";

/** What an org has bought, and what it is given besides. */
export const commerce: Migration = {
  number: 6,
  name: "commerce",
  sql: ({ schema }) => `
create table ${schema}.subscription (${orgRow(schema)}
  product_id uuid not null references ${schema}.product,
  plan_id uuid not null references ${schema}.plan_version deferrable,
  status text not null default 'active' check (status in ('active', 'trial', 'suspended', 'cancelled', 'expired')),
  cycle text not null default 'monthly' check (cycle in ('monthly', 'annual', 'custom')),
  auto_renew boolean not null default true,
  quantity integer not null default 1 check (quantity >= 0),
  trial_ends timestamptz,
  starts timestamptz,
  ends timestamptz,
  next_plan_id uuid references ${schema}.plan_version deferrable,
  next_from timestamptz,${ledger},
  primary key (org_id, id),
  constraint subscription_product_taken unique (org_id, product_id) deferrable
);
comment on table ${schema}.subscription is 'What an org has bought: one version of one plan a product.';
comment on column ${schema}.subscription.plan_id is 'The version of the plan.';
comment on column ${schema}.subscription.next_plan_id is 'The version that follows at next_from.';

create table ${schema}.entitlement (${orgRow(schema)}
  feature_id uuid not null references ${schema}.feature,
  workspace_id uuid,
  environment_id uuid,
  value jsonb,
  starts timestamptz,
  until timestamptz,
  reason text,${ledger},
  primary key (org_id, id),
  foreign key (org_id, workspace_id) references ${schema}.workspace,
  foreign key (org_id, environment_id) references ${schema}.environment,
  constraint entitlement_has_one_place check (num_nonnulls(workspace_id, environment_id) <= 1),
  constraint entitlement_taken unique nulls not distinct (org_id, feature_id, workspace_id, environment_id) deferrable
);
create index entitlement_workspace on ${schema}.entitlement (org_id, workspace_id) where workspace_id is not null;
create index entitlement_environment on ${schema}.entitlement (org_id, environment_id) where environment_id is not null;
comment on table ${schema}.entitlement is 'What an org, or a place in it, is given whatever its plan says.';

create table ${schema}.rate_limit (${orgRow(schema)}
  name_id uuid not null references ${schema}.catalog_rate_limit,
  amount integer check (amount >= 0),
  period text,
  starts timestamptz,
  until timestamptz,
  reason text,${ledger},
  primary key (org_id, id),
  constraint rate_limit_taken unique (org_id, name_id) deferrable
);
comment on table ${schema}.rate_limit is 'Rate limits of one org that beat its plan''s.';

create table ${schema}.flag_override (${orgRow(schema)}
  flag_id uuid not null references ${schema}.flag,
  workspace_id uuid,
  environment_id uuid,
  value jsonb,
  starts timestamptz,
  until timestamptz,
  reason text,${ledger},
  primary key (org_id, id),
  foreign key (org_id, workspace_id) references ${schema}.workspace,
  foreign key (org_id, environment_id) references ${schema}.environment,
  constraint flag_override_has_one_place check (num_nonnulls(workspace_id, environment_id) <= 1),
  constraint flag_override_taken unique nulls not distinct (org_id, flag_id, workspace_id, environment_id) deferrable
);
create index flag_override_workspace on ${schema}.flag_override (org_id, workspace_id) where workspace_id is not null;
create index flag_override_environment on ${schema}.flag_override (org_id, environment_id) where environment_id is not null;
comment on table ${schema}.flag_override is 'A flag''s value in an org or a place in it, whatever the catalog''s rules say.';
`,
};
