import type { Migration } from "./migration.ts";
import { ledger, orgRow } from "./row-columns.ts";

/** How an org is set up. Where there is at most one row an org, the org is the key. */
export const settings: Migration = {
  number: 7,
  name: "settings",
  sql: ({ schema }) => `
create table ${schema}.security (${orgRow(schema)}
  require_mfa boolean not null default false,
  allow_user_key_override boolean not null default false,${ledger},
  primary key (org_id)
);
comment on table ${schema}.security is 'How members of an org must sign in.';

create table ${schema}.trace (${orgRow(schema)}
  mode text not null default 'none' check (mode in ('all', 'errors_only', 'sampled', 'none')),
  sample_rate numeric not null default 1 check (sample_rate between 0 and 1),
  retention_days integer not null default 30 check (retention_days >= 0),${ledger},
  primary key (org_id)
);
comment on table ${schema}.trace is 'What is traced of an org, and for how long it is kept.';

create table ${schema}.branding (${orgRow(schema)}
  "primary" text,
  secondary text,
  accent text,
  font text,
  logo text,
  logo_dark text,
  favicon text,
  favicon_dark text,${ledger},
  primary key (org_id)
);
comment on table ${schema}.branding is 'How an org looks.';

create table ${schema}.banner (${orgRow(schema)}
  message text,
  variant text not null default 'info' check (variant in ('info', 'warning', 'error')),
  dismissible boolean not null default true,
  starts timestamptz,
  until timestamptz,${ledger},
  primary key (org_id)
);
comment on table ${schema}.banner is 'What everybody in an org is told.';

create table ${schema}.api_key (${orgRow(schema)}
  name text not null,
  description text,
  scopes text[] not null default '{}',
  expires timestamptz,${ledger},
  primary key (org_id, id),
  constraint api_key_name_taken unique (org_id, name) deferrable
);
comment on table ${schema}.api_key is 'Keys that an org is to have, and what they may do. The secrets are elsewhere.';

create table ${schema}.webhook (${orgRow(schema)}
  name text not null,
  description text,
  url text,
  events text[] not null default '{}',
  secret text,
  enabled boolean not null default true,${ledger},
  primary key (org_id, id),
  constraint webhook_name_taken unique (org_id, name) deferrable
);
comment on table ${schema}.webhook is 'Where an org is told of events.';
comment on column ${schema}.webhook.secret is 'A reference to the secret, never the secret.';

create table ${schema}.notification (${orgRow(schema)}
  name text not null,
  email text[] not null default '{}',
  webhooks text[] not null default '{}',
  enabled boolean not null default true,${ledger},
  primary key (org_id, id),
  constraint notification_name_taken unique (org_id, name) deferrable
);
comment on table ${schema}.notification is 'Whom an org wants told of what.';
`,
};
