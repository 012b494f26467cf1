import { addressOf } from "../model/address.ts";
import { type EntitlementValue, isEntitlementValue } from "../model/quantity.ts";
import type { Resource } from "../model/state.ts";
import { served } from "./compile-flag.ts";
import { compileMembers } from "./compile-members.ts";
import { compileRoles } from "./compile-roles.ts";
import { type Complete, type CompleteByKind, completeByKind } from "./complete.ts";
import { type EntitlementDecision, isGiving } from "./decide-entitlement.ts";
import type { FlagDecision } from "./decide-flag.ts";
import type { RateLimitDecision } from "./decide-rate-limit.ts";
import { instantOf } from "./instant.ts";
import { mapped, noAttributes, noEntries, noNames } from "./nothing.ts";
import { placedByName, type SetSomewhere } from "./override.ts";
import type { Attributes } from "./question.ts";
import { rateOf } from "./rate-value.ts";
import { compileSettings } from "./settings.ts";
import type {
  CatalogSnapshot,
  EnvironmentSnapshot,
  KnownResource,
  OrgSnapshot,
  SubscriptionSnapshot,
  TraceSnapshot,
} from "./snapshot.ts";
import { wellKnown } from "./well-known.ts";

export interface OrgSource {
  /** What flags spread orgs by; null where it is not known yet. */
  readonly id: string | null;
  readonly slug: string;
  readonly resources: readonly Resource[];
  /** What flags spread members by, by the member's key. */
  readonly memberIds?: ReadonlyMap<string, string>;
}

/** What is compiled where every row is complete already, as the database's are. */
export interface OrgRows extends Omit<OrgSource, "resources"> {
  readonly all: CompleteByKind;
}

/** Compiles an org's resources for decisions with one catalog; a new catalog wants a new compilation. */
export function compileOrg(catalog: CatalogSnapshot, source: OrgSource): OrgSnapshot {
  return compileOrgRows(catalog, { ...source, all: completeByKind(source.resources) });
}

export function compileOrgRows(catalog: CatalogSnapshot, source: OrgRows): OrgSnapshot {
  const { id, slug, all } = source;
  const fields = all("org")[0]?.fields;
  const roles = compileRoles(
    all("role").map((role) => ({
      ...role.fields,
      name: role.key,
      address: addressOf(slug, "role", role.key),
    })),
    { vocabulary: catalog, inherited: catalog.roles },
  );
  const settings = compileSettings(all);
  // What nearly every question asks of comes first, so that it lies together in memory.
  return {
    catalog,
    status: wellKnown(fields?.status ?? "active"),
    requiresMfa: settings?.security?.require_mfa === true,
    members: compileMembers(
      {
        members: all("member"),
        teams: all("team"),
        teamMembers: all("team_member"),
        bindings: all("binding"),
      },
      { ownRoles: roles, catalog, ids: source.memberIds ?? noEntries },
    ),
    slug,
    id,
    subscriptions: mapped(all("subscription"), ({ key, fields }) =>
      subscriptionOf(catalog, addressOf(slug, "subscription", key), fields),
    ),
    flags: placedByName(all("flag_override").flatMap((each) => flagOverride(catalog, slug, each))),
    entitlements: placedByName(
      all("entitlement").flatMap((each) => entitlementOverride(catalog, slug, each)),
    ),
    rateLimits: placedByName(all("rate_limit").flatMap((each) => rateLimitOverride(slug, each))),
    workspaces: namesOf(all("workspace")),
    environments: mapped(all("environment"), environmentOf),
    resources: resourcesByType(all("resource")),
    createdAt: fields?.created_at ? instantOf(fields.created_at) : null,
    attributes: (fields?.attributes ?? noAttributes) as Attributes,
    trace: traceOf(slug, all("trace")[0]),
    name: fields?.name ?? null,
    settings,
  };
}

function namesOf(rows: readonly { readonly key: string }[]): ReadonlySet<string> {
  return rows.length === 0 ? noNames : new Set(rows.map(({ key }) => key));
}

function environmentOf({ fields }: Complete<"environment">): EnvironmentSnapshot {
  const { workspace, slug, tier, host } = fields;
  return { workspace: workspace ?? "", slug: slug ?? "", tier: tier ?? "", host: host ?? "" };
}

function resourcesByType(resources: readonly Complete<"resource">[]): OrgSnapshot["resources"] {
  if (resources.length === 0) return noEntries;
  const byType = new Map<string, Map<string, KnownResource>>();
  for (const { key, fields } of resources) {
    const type = fields.type ?? "";
    const alike = byType.get(type) ?? new Map<string, KnownResource>();
    byType.set(type, alike);
    const { workspace, environment } = fields;
    alike.set(fields.name ?? "", {
      key,
      type,
      workspace,
      environment,
      attributes: (fields.attributes ?? {}) as Attributes,
    });
  }
  return byType;
}

function subscriptionOf(
  { planVersions }: CatalogSnapshot,
  address: string,
  fields: Complete<"subscription">["fields"],
): SubscriptionSnapshot {
  return {
    address,
    status: wellKnown(fields.status ?? ""),
    cycle: fields.cycle ?? "",
    quantity: fields.quantity ?? 1,
    plan: planVersions.get(fields.plan ?? "") ?? null,
    nextPlan: planVersions.get(fields.next_plan ?? "") ?? null,
    nextFrom: givenTime(fields.next_from),
    starts: givenTime(fields.starts),
    ends: givenTime(fields.ends),
    trialEnds: givenTime(fields.trial_ends),
    renews: fields.auto_renew === true,
  };
}

function givenTime(time: string | null): number | null {
  return time === null ? null : instantOf(time);
}

/** An override that names no flag, or a variant that is no more, is as if it were not there. */
function flagOverride(
  { flags }: CatalogSnapshot,
  slug: string,
  { key, fields }: Complete<"flag_override">,
): SetSomewhere<FlagDecision>[] {
  const flag = flags.get(fields.flag ?? "");
  const address = addressOf(slug, "flag_override", key);
  const decision = flag && served(fields.value, { variants: flag.variants, reason: "override", address });
  return flag && decision ? [{ name: flag.name, ...placeAndTime(fields), decision }] : [];
}

function entitlementOverride(
  { features }: CatalogSnapshot,
  slug: string,
  { key, fields }: Complete<"entitlement">,
): SetSomewhere<EntitlementDecision>[] {
  const feature = features.get(fields.feature ?? "");
  if (!feature || !isEntitlementValue(feature, fields.value)) return [];
  const decision = overriding(fields.value, addressOf(slug, "entitlement", key));
  return [{ name: feature.name, ...placeAndTime(fields), decision }];
}

function overriding(value: EntitlementValue, decidedBy: string): EntitlementDecision {
  return {
    kind: "entitlement",
    isEntitled: isGiving(value),
    value,
    reason: "override",
    decidedBy,
    through: null,
  };
}

function rateLimitOverride(
  slug: string,
  { key, fields }: Complete<"rate_limit">,
): SetSomewhere<RateLimitDecision>[] {
  const value = rateOf(fields.amount, fields.period);
  const decidedBy = addressOf(slug, "rate_limit", key);
  const place = { workspace: null, environment: null, ...timeOf(fields) };
  return value
    ? [{ name: fields.name ?? "", ...place, decision: { value, source: "override", decidedBy } }]
    : [];
}

function placeAndTime(fields: Complete<"entitlement" | "flag_override">["fields"]) {
  return { workspace: fields.workspace, environment: fields.environment, ...timeOf(fields) };
}

function timeOf(fields: Complete<"entitlement" | "flag_override" | "rate_limit">["fields"]) {
  return {
    starts: fields.starts === null ? Number.NEGATIVE_INFINITY : instantOf(fields.starts),
    until: fields.until === null ? Number.POSITIVE_INFINITY : instantOf(fields.until),
  };
}

function traceOf(slug: string, trace: Complete<"trace"> | undefined): TraceSnapshot {
  if (!trace) return untraced;
  return {
    mode: trace.fields.mode ?? "none",
    sampleRate: trace.fields.sample_rate ?? 1,
    retentionDays: trace.fields.retention_days ?? 30,
    address: addressOf(slug, "trace", trace.key),
  };
}

const untraced: TraceSnapshot = { mode: "none", sampleRate: 1, retentionDays: 30, address: null };
