import { descriptorOf, type Kind } from "../model/kinds.ts";
import { quantityText } from "../model/quantity.ts";
import { isList, sameValue, type Value } from "../model/value.ts";
import { textScalar, type Wanted, type WantedEntry, type WantedMap } from "./wanted.ts";

/** A row as manifests would declare it: keys for references. */
export interface DeclaredRow {
  readonly kind: Kind;
  readonly key: string;
  readonly fields: Readonly<Record<string, Value>>;
  /** The fields that the manifests own; null where they do not own the row. */
  readonly managed: readonly string[] | null;
}

/** How a kind stands in an org's manifest, where its entry is not said in another's. */
const sections: { readonly [K in Kind]?: string } = {
  role: "roles",
  member: "members",
  team: "teams",
  workspace: "workspaces",
  resource: "resources",
  invitation: "invitations",
  sso: "sso",
  join_rule: "join",
  subscription: "subscriptions",
  entitlement: "entitlements",
  rate_limit: "rate_limits",
  flag_override: "flags",
  security: "security",
  trace: "trace",
  branding: "branding",
  banner: "banner",
  api_key: "api_keys",
  webhook: "webhooks",
  notification: "notifications",
};

/** The path of the entry of an org's manifest that a row is said in; null where rows of its kind are not. */
export function entryPath({
  kind,
  key,
  fields,
}: Pick<DeclaredRow, "kind" | "key" | "fields">): string[] | null {
  const text = (name: string) => String(fields[name]);
  if (kind === "environment") return ["workspaces", text("workspace")];
  if (kind === "team_member") return ["teams", text("team")];
  if (kind === "binding") return fields.team == null ? ["members", text("member")] : ["teams", text("team")];
  if (kind === "flag_override" || kind === "entitlement") {
    const workspace = fields.workspace ?? fields.environment;
    if (workspace != null) return ["workspaces", String(workspace).split("/", 1)[0] as string];
  }
  const section = sections[kind];
  if (section === undefined) return null;
  return key === "" ? [section] : [section, key];
}

/** What an entry has to say so that it declares the rows; null where they are not to be declared. Throws `Unsayable`. */
export function wantedEntry(path: readonly string[], rows: readonly DeclaredRow[]): Wanted | null {
  const own = rows.filter(({ managed }) => managed !== null);
  const [whole] = own.filter(({ kind }) => ![...parts].includes(kind) || isWholeOverride(kind, path));
  if (!whole) return null;
  const others = own.filter((row) => row !== whole);
  switch (whole.kind) {
    case "member":
      return withShort(merge(fieldsOf(whole, memberNames), bindingsOf(others)), "roles");
    case "team":
      return merge(
        fieldsOf(whole, { parent: "parent", description: "description", metadata: "metadata" }),
        teamMembers(others),
        bindingsOf(others),
      );
    case "workspace":
      return merge(
        fieldsOf(whole, {
          name: "name",
          description: "description",
          settings: "settings",
          metadata: "metadata",
        }),
        overridesOf(others, null),
        environmentsOf(others),
      );
    case "flag_override":
    case "entitlement":
      return override(whole);
    case "rate_limit":
      return rateLimit(whole);
    case "subscription":
      return subscription(whole);
    case "invitation":
    case "join_rule":
      return withShort(
        merge(fieldsOf(whole, { expires: "expires", message: "message", sso: "sso" }), grantsOf(whole)),
        "roles",
      );
    case "role":
      return role(whole);
    case "banner":
      return fieldsOf(whole, {
        message: "message",
        variant: "variant",
        dismissible: "dismissible",
        starts: "from",
        until: "until",
      });
    default:
      return fieldsOf(whole, Object.fromEntries(ownNames(whole).map((name) => [name, name])));
  }
}

/** Something that can be said in a manifest, and that nobody wrote here how. */
export class Unsayable extends Error {}

const parts = new Set<Kind>(["binding", "team_member", "environment", "flag_override", "entitlement"]);

function isWholeOverride(kind: Kind, [section]: readonly string[]): boolean {
  return sections[kind] === section && (kind === "flag_override" || kind === "entitlement");
}

const memberNames = {
  user_id: "id",
  name: "name",
  type: "type",
  status: "status",
  attributes: "attributes",
  metadata: "metadata",
};

/** The fields of a row that its key does not say. */
function ownNames({ kind }: DeclaredRow): string[] {
  const { fields, identity } = descriptorOf(kind);
  return Object.keys(fields).filter((name) => !identity.includes(name));
}

function fieldsOf(
  { kind, key, fields, managed }: DeclaredRow,
  names: { readonly [field: string]: string },
): WantedMap {
  const known = descriptorOf(kind).fields;
  const entries = Object.entries(names).flatMap(([field, name]): [string, WantedEntry][] => {
    const value = fields[field] ?? null;
    const about = known[field];
    if (!about || !managed?.includes(field) || value === null || value === key) return [];
    const usual = "default" in about ? (about.default ?? null) : null;
    return [[name, { value: wantedValue(value, about.type), isUsual: sameValue(value, usual) }]];
  });
  return { kind: "map", entries: new Map(entries), short: null };
}

/** A value as YAML, by the type of its field where that says more than the value. Throws `Unsayable`. */
export function wantedValue(value: Value, type?: string): Wanted {
  if (type === "time" && typeof value === "string") {
    return { kind: "scalar", text: value.replace(/T00:00:00Z$/, "") };
  }
  if (typeof value === "string") return textScalar(value);
  if (value === null) throw new Unsayable("null");
  if (typeof value !== "object") return { kind: "scalar", text: String(value) };
  if (isList(value)) {
    const items = value.map((item) => wantedValue(item));
    if (!items.every((item) => item.kind === "scalar")) throw new Unsayable("a list of maps");
    return { kind: "list", items };
  }
  return mapOf(Object.entries(value).map(([name, one]) => [name, wantedValue(one)]));
}

function mapOf(entries: readonly (readonly [string, Wanted])[]): WantedMap {
  return {
    kind: "map",
    entries: new Map(entries.map(([name, value]) => [name, { value, isUsual: false }])),
    short: null,
  };
}

function merge(...maps: readonly WantedMap[]): WantedMap {
  return { kind: "map", entries: new Map(maps.flatMap(({ entries }) => [...entries])), short: null };
}

function withShort(map: WantedMap, name: string): WantedMap {
  const said = [...map.entries].filter(([, { isUsual }]) => !isUsual);
  const [[only = "", entry] = []] = said;
  return said.length === 1 && only === name && entry ? { ...map, short: entry.value } : map;
}

/** Nested maps from paths to lists of names, as roles are held: `{ roles: […], workspaces: { web: […] } }`. */
function bindingsOf(rows: readonly DeclaredRow[]): WantedMap {
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

function teamMembers(rows: readonly DeclaredRow[]): WantedMap {
  const members = rows.filter(({ kind }) => kind === "team_member");
  if (members.length === 0) return mapOf([]);
  const plain = members.every(({ fields }) => fields.role === "member");
  const map = mapOf(
    members.map(({ fields }) => [String(fields.member), wantedValue(fields.role ?? "member")]),
  );
  const short = plain ? wantedValue(members.map(({ fields }) => String(fields.member))) : null;
  return mapOf([["members", { ...map, short }]]);
}

function environmentsOf(rows: readonly DeclaredRow[]): WantedMap {
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
function overridesOf(rows: readonly DeclaredRow[], environment: string | null): WantedMap {
  const here = rows.filter(({ fields }) => (fields.environment ?? null) === environment);
  const of = (kind: Kind, field: string) =>
    mapOf(here.filter((row) => row.kind === kind).map((row) => [String(row.fields[field]), override(row)]));
  const sections = [
    ["flags", of("flag_override", "flag")],
    ["entitlements", of("entitlement", "feature")],
  ] as const;
  return mapOf(sections.filter(([, map]) => map.entries.size > 0));
}

function override(row: DeclaredRow): WantedMap {
  return withShort(merge(mapOf([["value", quantity(row.fields.value ?? null)]]), windowOf(row)), "value");
}

function rateLimit(row: DeclaredRow): WantedMap {
  const { amount, period } = row.fields;
  const value = quantity({ amount: amount ?? null, per: period ?? null });
  return withShort(merge(mapOf([["value", value]]), windowOf(row)), "value");
}

function windowOf(row: DeclaredRow): WantedMap {
  return fieldsOf(row, { starts: "from", until: "until", reason: "reason" });
}

function quantity(value: Value): Wanted {
  const isQuota = typeof value === "object" && value !== null && "per" in value;
  return isQuota
    ? { kind: "scalar", text: quantityText(value as unknown as Parameters<typeof quantityText>[0]) }
    : wantedValue(value);
}

function subscription(row: DeclaredRow): WantedMap {
  const { next_plan, next_from } = row.fields;
  const names = {
    plan: "plan",
    status: "status",
    cycle: "cycle",
    auto_renew: "auto_renew",
    quantity: "quantity",
    trial_ends: "trial_ends",
    starts: "starts",
    ends: "ends",
  };
  const next = mapOf(
    next_plan == null
      ? []
      : [
          [
            "next",
            mapOf([
              ["plan", wantedValue(next_plan)],
              ["from", wantedValue(next_from ?? null, "time")],
            ]),
          ],
        ],
  );
  // A status is said where the manifests own it: else it would be the billing system's.
  const said = fieldsOf(row, names);
  const status = said.entries.get("status");
  const entries = new Map(said.entries);
  if (status) entries.set("status", { ...status, isUsual: false });
  return withShort(merge({ ...said, entries }, next), "plan");
}

function grantsOf({ fields }: DeclaredRow): WantedMap {
  return wantedValue(fields.grants ?? {}) as WantedMap;
}

function role(row: DeclaredRow): WantedMap {
  const { grants } = row.fields;
  const plain = isList(grants ?? null)
    ? (grants as readonly { readonly [name: string]: Value }[]).map(
        ({ effect, permission, if: condition }) => {
          if (effect !== "allow" || condition != null) throw new Unsayable("a grant with a condition");
          return String(permission);
        },
      )
    : [];
  const list: Wanted = { kind: "list", items: plain.map(textScalar) };
  return merge(
    fieldsOf(row, {
      description: "description",
      inherits: "inherits",
      across: "across",
      at_least: "at_least",
    }),
    mapOf(plain.length > 0 ? [["grants", list]] : []),
  );
}
