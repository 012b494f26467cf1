import type { CatalogTest, TestedMember, TestedOrg } from "../model/catalog-test.ts";
import { emailKey } from "../model/email-key.ts";
import type { FieldsOf } from "../model/field.ts";
import { descriptorOf, type Kind } from "../model/kinds.ts";
import { isEntitlementValue, parseEntitlement } from "../model/quantity.ts";
import { type Resource, resource } from "../model/state.ts";
import type { Value } from "../model/value.ts";
import { compileOrg } from "./compile-org.ts";
import { instantOf } from "./instant.ts";
import { type AskedResource, type Attributes, ownValue, type Question, questionOf } from "./question.ts";
import type { CatalogSnapshot } from "./snapshot.ts";

/** Something that a test names and the catalog does not know. */
export interface TestFault {
  /** `org.plan` */
  readonly at: string;
  readonly value: Value;
  readonly detail: string;
}

export interface TestedQuestion {
  readonly question: Question;
  readonly faults: readonly TestFault[];
}

/** The org that a test describes, and the question that it asks of it. */
export function testedQuestion(catalog: CatalogSnapshot, test: CatalogTest): TestedQuestion {
  const faults: TestFault[] = [];
  const report: Report = (at, value, detail) => faults.push({ at, value, detail });
  const { org = {}, member, request } = test;
  const place = placeOf(test);
  const memberKey = emailKey(member?.email ?? "") || (member?.id ?? "member");
  const now = instantOf(test.now);
  if (Number.isNaN(now)) report("now", test.now, "not a time");
  const snapshot = compileOrg(catalog, {
    id: org.id ?? null,
    slug: org.slug ?? "example",
    resources: [
      orgResource(org),
      ...subscribed(catalog, org, report),
      ...overrides(catalog, org, report),
      ...places(test, place),
      ...(member ? memberResources(catalog, { ...member, key: memberKey }, report) : []),
    ],
    memberIds: new Map(member?.id === undefined ? [] : [[memberKey, member.id]]),
  });
  const question = questionOf({
    org: snapshot,
    now,
    member: member ? memberKey : null,
    ...place,
    resource: askedResource(test),
    request: request ?? null,
  });
  return { question, faults };
}

type Report = (at: string, value: Value, detail: string) => void;

function build<K extends Kind>(kind: K, fields: Partial<FieldsOf<K>>): Resource<K> {
  return resource(kind, {
    key: descriptorOf(kind).key(fields as Readonly<Record<string, Value>>),
    path: [],
    fields,
  });
}

/** Where the resource or environment says; else, where the member holds roles in one workspace alone, there. */
function placeOf({
  resource: about,
  environment,
  member,
}: CatalogTest): Pick<Question, "workspace" | "environment"> {
  const held = Object.keys(member?.workspaces ?? {});
  const workspace =
    about?.workspace ?? environment?.workspace ?? (held.length === 1 ? (held[0] ?? null) : null);
  if (environment) {
    const within = workspace ?? "workspace";
    return { workspace: within, environment: `${within}/${environment.slug ?? "environment"}` };
  }
  return { workspace, environment: about?.environment ?? null };
}

function orgResource({
  id,
  slug,
  plan,
  created_at,
  status,
  flags,
  entitlements,
  attributes,
  ...declared
}: TestedOrg): Resource {
  return build("org", {
    slug: slug ?? "example",
    ...(status !== undefined && { status }),
    ...(created_at !== undefined && { created_at }),
    attributes: { ...attributes, ...(declared as Attributes) },
  });
}

function subscribed(catalog: CatalogSnapshot, { plan }: TestedOrg, report: Report): Resource[] {
  if (plan === undefined) return [];
  const version = catalog.planVersions.get(plan) ?? catalog.latest.get(plan);
  if (version) return [build("subscription", { product: version.product, plan: version.key })];
  report("org.plan", plan, "no such plan or version");
  return [];
}

function overrides(
  catalog: CatalogSnapshot,
  { flags = {}, entitlements = {} }: TestedOrg,
  report: Report,
): Resource[] {
  return [
    ...Object.entries(flags).map(([name, value]) => {
      const flag = catalog.flags.get(name);
      if (!flag) report(`org.flags.${name}`, value, "no such flag");
      else if (flag.variants && ownValue(flag.variants, String(value)) === undefined) {
        report(`org.flags.${name}`, value, "no such variant");
      }
      return build("flag_override", { flag: name, value });
    }),
    ...Object.entries(entitlements).map(([name, written]) => {
      const feature = catalog.features.get(name);
      const value = feature && typeof written === "string" ? parseEntitlement(feature, written) : written;
      if (!feature) report(`org.entitlements.${name}`, written, "no such feature");
      else if (!isEntitlementValue(feature, value)) {
        report(`org.entitlements.${name}`, written, `not a ${feature.type}'s value`);
      }
      return build("entitlement", { feature: name, value });
    }),
  ];
}

/** Every workspace and environment that the test speaks of. */
function places({ environment, member }: CatalogTest, place: ReturnType<typeof placeOf>): Resource[] {
  const environments = new Set([
    ...Object.keys(member?.environments ?? {}),
    ...(place.environment ? [place.environment] : []),
  ]);
  const workspaces = new Set([
    ...Object.keys(member?.workspaces ?? {}),
    ...(place.workspace ? [place.workspace] : []),
    ...[...environments].map((each) => each.slice(0, each.indexOf("/"))),
  ]);
  return [
    ...[...workspaces].map((slug) => build("workspace", { slug })),
    ...[...environments].map((each) => {
      const [workspace = "", slug = ""] = each.split("/");
      const { tier, host } = each === place.environment ? { ...environment } : {};
      return build("environment", { workspace, slug, ...(tier && { tier }), ...(host && { host }) });
    }),
  ];
}

function memberResources(
  { roles: known }: CatalogSnapshot,
  member: TestedMember & { readonly key: string },
  report: Report,
): Resource[] {
  const { key, id, email, type, status, roles = [], attributes } = member;
  const held: Resource[] = [];
  const hold = (names: string | readonly string[], at: string, on: Partial<FieldsOf<"binding">>) => {
    for (const role of [names].flat()) {
      if (!known.has(role)) report(at, role, "no such role");
      held.push(build("binding", { member: key, catalog_role: role, ...on }));
    }
  };
  hold(roles, "member.roles", {});
  const sections = { workspaces: "workspace", environments: "environment", resources: "resource" } as const;
  for (const [section, field] of Object.entries(sections)) {
    for (const [place, names] of Object.entries(member[section as keyof typeof sections] ?? {})) {
      hold(names, `member.${section}.${place}`, { [field]: place });
    }
  }
  const person = build("member", {
    key,
    email: email ?? null,
    user_id: id ?? null,
    ...(type !== undefined && { type }),
    ...(status !== undefined && { status }),
    attributes: attributes ?? {},
  });
  const objects = Object.keys(member.resources ?? {}).map((each) => {
    const slash = each.indexOf("/");
    return build("resource", { type: each.slice(0, slash), name: each.slice(slash + 1) });
  });
  return [person, ...objects, ...held];
}

function askedResource({ resource: about }: CatalogTest): AskedResource | null {
  if (!about) return null;
  const { type = "", id = null, workspace, environment, attributes, ...declared } = about;
  return { type, id, attributes: { ...attributes, ...(declared as Attributes) } };
}
