import type { Random } from "../bench/random.ts";
import type { Identifiers } from "./route-identifiers.ts";

/** Whose names a request is made of. */
export interface Names {
  readonly own: Identifiers;
  readonly other: Identifiers;
  readonly random: Random;
}

type Pool = (of: Identifiers) => readonly string[];

const members: Pool = ({ members }) => members;
const resources: Pool = ({ resources }) => resources;
const texts =
  (...texts: readonly string[]): Pool =>
  () =>
    texts;
/** Anything that conditions may ask about, and names that they may not. */
const attributes = texts();

/** What parameters are filled with, by name or, where that says too little, by its parent's and its own. */
const pools: { readonly [name: string]: Pool } = {
  org: ({ slug, ids }) => [slug, slug, slug, ids[0] ?? ""],
  workspace: ({ workspaces }) => workspaces,
  environment: ({ environments }) => environments,
  "path.environment": ({ environments }) => environments.map((slug) => slug.slice(slug.indexOf("/") + 1)),
  member: members,
  user: members,
  targetingKey: members,
  "subject.id": members,
  "subject.type": texts("user", "member", "service"),
  "resource.id": ({ slug, resources, environments }) => [...resources, ...resources, slug, ...environments],
  "resource.type": texts("document", "document", "org", "workspace", "environment"),
  resource_type: texts("document", "org"),
  resource_id: resources,
  mfa: texts("true", "false"),
  "action.name": texts("read", "write", "org:read", "document:read", "document:write"),
  permission: texts("org:read", "org:update", "document:read", "document:write", "deployment:read"),
  flag: texts("motd", "noted"),
  "path.key": texts("motd", "noted"),
  "path.*": texts("motd", "noted/motd"),
  entitlement: texts("sso", "seats", "api_calls"),
  "page.token": ({ pageTokens }) => pageTokens,
  "page.limit": texts("0", "1", "2"),
  evaluations_semantic: texts("execute_all", "deny_on_first_deny", "permit_on_first_permit"),
  evaluations: attributes,
  properties: attributes,
  attributes,
  context: attributes,
  since: ({ positions }) => positions,
  flagConfigEtag: ({ positions, tags }) => [...positions, ...tags],
  flagConfigLastModified: texts("1795000000"),
  "if-none-match": ({ tags }) => tags,
};

/** By what a parameter is filled; null: nobody knows that name. */
export function poolOf(place: readonly string[]): Pool | null {
  const named = pools[place.slice(-2).join(".")] ?? pools[place.at(-1) ?? ""];
  return named ?? null;
}

/** A value for a parameter: of the caller's own, of the other's, or an odd one. */
export function drawValue(place: readonly string[], names: Names): string {
  const { random } = names;
  const of = random.chance(0.55) ? names.own : names.other;
  const pool = poolOf(place)?.(of) ?? [];
  if (random.chance(0.07)) return drawAny(of, random);
  const value = drawFrom(random, pool);
  return random.chance(0.06) ? drawOdd(value, names) : value;
}

/** Whatever names something of a tenant's, wherever it does not belong. */
export function drawAny(of: Identifiers, random: Random): string {
  const { slug, members, workspaces, environments, resources, names, ids, credentials, pageTokens, tags } =
    of;
  const kinds = [members, workspaces, environments, resources, names, ids, credentials, pageTokens, tags];
  return drawFrom(random, random.pick([[slug], ...kinds]));
}

function drawFrom(random: Random, pool: readonly string[]): string {
  return pool.length === 0 ? "" : (pool[random.between(0, pool.length - 1)] as string);
}

/** What is like a value and is not it, or like no value. */
function drawOdd(value: string, { own, other, random }: Names): string {
  return random.pick([
    value.toUpperCase(),
    value.replace("z", "Z"),
    value.replace("q", "\u051b"),
    value.replace("z", "\uff5a"),
    value.replace("q", "q\u0301"),
    `\u200b${value}`,
    `${value} `,
    ` ${value}`,
    `${value}\0`,
    `${value}.`,
    `${value}/`,
    `../${value}`,
    `${own.slug}/${other.slug}`,
    `${own.slug},${other.slug}`,
    encodeURIComponent(`${own.slug}/../${other.slug}`),
    `${value}' or '1'='1`,
    "__proto__",
    "constructor",
    "toString",
    "",
    "*",
    "%",
    "%00",
    ".",
    "..",
    value.repeat(20),
    value.repeat(100),
    value.repeat(300),
  ]);
}
