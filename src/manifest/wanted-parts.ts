import type { Kind } from "../model/kinds.ts";
import type { Value } from "../model/value.ts";
import type { WantedMap } from "./wanted.ts";
import {
  type DeclaredRow,
  fieldsOf,
  mapOf,
  merge,
  quantity,
  wantedValue,
  withShort,
} from "./wanted-value.ts";

/** Nested maps from paths to lists of names, as roles are held: `{ roles: […], workspaces: { web: […] } }`. */
export function bindingsOf(rows: readonly DeclaredRow[]): WantedMap {
  const held = rows.filter(({ kind }) => kind === "binding");
  const named = (place: (row: DeclaredRow) => Value | undefined) => {
    const byPlace = new Map<string, string[]>();
    for (const row of held) {
      const at = place(row);
      if (at == null) continue;
      byPlace.set(String(at), [
        ...(byPlace.get(String(at)) ?? []),
        String(row.fields.role ?? row.fields.catalog_role),
      ]);
    }
    return mapOf([...byPlace].map(([name, roles]) => [name, wantedValue(roles)]));
  };
  const inOrg = held.filter(
    ({ fields }) => fields.workspace == null && fields.environment == null && fields.resource == null,
  );
  const roles = inOrg.map(({ fields }) => String(fields.role ?? fields.catalog_role));
  const places = [
    ["workspaces", named(({ fields }) => fields.workspace)],
    ["environments", named(({ fields }) => fields.environment)],
    ["resources", named(({ fields }) => fields.resource)],
  ] as const;
  return mapOf([
    ...(roles.length > 0 ? [["roles", wantedValue(roles)] as const] : []),
    ...places.filter(([, map]) => map.entries.size > 0),
  ]);
}

export function teamMembers(rows: readonly DeclaredRow[]): WantedMap {
  const members = rows.filter(({ kind }) => kind === "team_member");
  if (members.length === 0) return mapOf([]);
  const plain = members.every(({ fields }) => fields.role === "member");
  const map = mapOf(
    members.map(({ fields }) => [String(fields.member), wantedValue(fields.role ?? "member")]),
  );
  const short = plain ? wantedValue(members.map(({ fields }) => String(fields.member))) : null;
  return mapOf([["members", { ...map, short }]]);
}

export function environmentsOf(rows: readonly DeclaredRow[]): WantedMap {
  const environments = rows.filter(({ kind }) => kind === "environment");
  if (environments.length === 0) return mapOf([]);
  const names = {
    name: "name",
    description: "description",
    tier: "tier",
    host: "host",
    backend: "backend",
    credentials: "credentials",
    metadata: "metadata",
  };
  return mapOf([
    [
      "environments",
      mapOf(
        environments.map((row) => [
          String(row.fields.slug),
          merge(fieldsOf(row, names), overridesOf(rows, row.key)),
        ]),
      ),
    ],
  ]);
}

/** Flags and entitlements that are set in an environment, or in the workspace itself. */
export function overridesOf(rows: readonly DeclaredRow[], environment: string | null): WantedMap {
  const here = rows.filter(({ fields }) => (fields.environment ?? null) === environment);
  const of = (kind: Kind, field: string) =>
    mapOf(here.filter((row) => row.kind === kind).map((row) => [String(row.fields[field]), override(row)]));
  const sections = [
    ["flags", of("flag_override", "flag")],
    ["entitlements", of("entitlement", "feature")],
  ] as const;
  return mapOf(sections.filter(([, map]) => map.entries.size > 0));
}

export function override(row: DeclaredRow): WantedMap {
  return withShort(merge(mapOf([["value", quantity(row.fields.value ?? null)]]), windowOf(row)), "value");
}

export function windowOf(row: DeclaredRow): WantedMap {
  return fieldsOf(row, { starts: "from", until: "until", reason: "reason" });
}
