import type { Migration } from "./migration.ts";
import { ledger, orgRow } from "./row-columns.ts";

/** How an org is set up. Where there is at most one row an org, the org is the key. */
export const settings: Migration = {
  number: 7,
  name: "settings",
  sql: () => `
create table tenantry.security (${orgRow}
  require_mfa boolean not null default false,
  allow_user_key_override boolean not null default false,${ledger},
  primary key (org_id)
);
comment on table tenantry.security is 'How members of an org must sign in.';

create table tenantry.trace (${orgRow}
  mode text not null default 'none' check (mode in ('all', 'errors_only', 'sampled', 'none')),
  sample_rate numeric not null default 1 check (sample_rate between 0 and 1),
  retention_days integer not null default 30 check (retention_days >= 0),${ledger},
  primary key (org_id)
);
comment on table tenantry.trace is 'What is traced of an org, and for how long it is kept.';

create table tenantry.branding (${orgRow}
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
comment on table tenantry.branding is 'How an org looks.';

create table tenantry.banner (${orgRow}
  message text,
  variant text not null default 'info' check (variant in ('info', 'warning', 'error')),
  dismissible boolean not null default true,
  starts timestamptz,
  until timestamptz,${ledger},
  primary key (org_id)
);
comment on table tenantry.banner is 'What everybody in an org is told.';

create table tenantry.api_key (${orgRow}
  name text not null,
  description text,
  scopes text[] not null default '{}',
  expires timestamptz,${ledger},
  primary key (org_id, id),
  constraint api_key_name_taken unique (org_id, name) deferrable
);
comment on table tenantry.api_key is 'Keys that an org is to have, and what they may do. The secrets are elsewhere.';

create table tenantry.webhook (${orgRow}
  name text not null,
  description text,
  url text,
  events text[] not null default '{}',
  secret text,
  enabled boolean not null default true,${ledger},
  primary key (org_id, id),
  constraint webhook_name_taken unique (org_id, name) deferrable
);
comment on table tenantry.webhook is 'Where an org is told of events.';
comment on column tenantry.webhook.secret is 'A reference to the secret, never the secret.';

create table tenantry.notification (${orgRow}
  name text not null,
  email text[] not null default '{}',
  webhooks text[] not null default '{}',
  enabled boolean not null default true,${ledger},
  primary key (org_id, id),
  constraint notification_name_taken unique (org_id, name) deferrable
);
comment on table tenantry.notification is 'Whom an org wants told of what.';
`,
};
