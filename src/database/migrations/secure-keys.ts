import type { SchemaNames } from "./migration.ts";

const workingAs = `(select coalesce(current_setting('tenantry.role', true), ''))`;
const ofThisOrg = `org_id = (select nullif(current_setting('tenantry.org_id', true), '')::uuid)`;

/** Who may do what with keys. To the app nothing is granted: a digest is nobody's business. */
export function secureKeys(names: SchemaNames): string {
  return names.roles.mode === "single" ? policiesOfOneRole(names) : grants(names);
}

function grants({ roles: { owner, apply, runtime, app }, schema }: SchemaNames): string {
  return `
${["org_key", "service_key"]
  .map(
    (table) => `
grant select, insert, update (expires, revoked_at) on ${schema}.${table} to ${apply};
grant select on ${schema}.${table} to ${runtime};`,
  )
  .join("")}
alter table ${schema}.org_key enable row level security;
alter table ${schema}.org_key force row level security;
create policy every_org on ${schema}.org_key to ${owner}, ${apply}, ${runtime}, ${app} using (true) with check (true);
create policy one_org on ${schema}.org_key as restrictive to ${app} using (${ofThisOrg});

-- An apply has no use for it: who reads it can make tokens of every org.
grant select, insert, update (retires) on ${schema}.signing_key to ${runtime};

-- Belongs to the owner, whose trigger function writes it; hence not forced on the owner, as with the audit.
alter table ${schema}.access_event enable row level security;
grant select on ${schema}.access_event to ${apply}, ${runtime};
create policy every_org on ${schema}.access_event for select to ${apply}, ${runtime} using (true);
-- Who, when and for whom is not the runtime's to say.
grant insert (org_id, key_id, key_name, event, reason, count) on ${schema}.access_event to ${runtime};
create policy let_in_or_refused on ${schema}.access_event for insert to ${runtime}
  with check (event in ('exchanged', 'refused'));

grant select on ${schema}.key_state to ${apply}, ${runtime};
`;
}

/** One role for everything says itself what it works as: weaker, and `doctor` says so. */
function policiesOfOneRole({ schema }: SchemaNames): string {
  const hidden = (table: string, from: readonly string[]) => `
alter table ${schema}.${table} enable row level security;
alter table ${schema}.${table} force row level security;
create policy every_org on ${schema}.${table} using (true) with check (true);
create policy not_for_all on ${schema}.${table} as restrictive
  using (${workingAs} <> all (array[${from.map((role) => `'${role}'`).join(", ")}]));
`;
  return `
${hidden("org_key", ["app"])}
create policy one_org on ${schema}.org_key as restrictive using (${workingAs} <> 'app' or ${ofThisOrg});
${hidden("service_key", ["app"])}
${hidden("signing_key", ["app", "apply"])}
`;
}
