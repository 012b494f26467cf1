import { descriptorOf, type Kind } from "../model/kinds.ts";
import { isList, type Value } from "../model/value.ts";
import { textScalar, type Wanted, type WantedMap } from "./wanted.ts";
import { bindingsOf, environmentsOf, override, overridesOf, teamMembers, windowOf } from "./wanted-parts.ts";
import {
  type DeclaredRow,
  fieldsOf,
  mapOf,
  merge,
  quantity,
  Unsayable,
  wantedValue,
  withShort,
} from "./wanted-value.ts";

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

function rateLimit(row: DeclaredRow): WantedMap {
  const { amount, period } = row.fields;
  const value = quantity({ amount: amount ?? null, per: period ?? null });
  return withShort(merge(mapOf([["value", value]]), windowOf(row)), "value");
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
