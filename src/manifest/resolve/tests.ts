import { nearName } from "../../diagnostic/near-name.ts";
import type { CatalogTest } from "../../model/catalog-test.ts";
import type { Path } from "../../model/state.ts";
import type { Value } from "../../model/value.ts";
import type { Entry } from "../merge-catalogs.ts";
import type { Place, Report } from "../place.ts";
import type { CatalogTestManifest } from "../schema/catalog-schema.ts";
import type { Catalog } from "./catalog.ts";
import { isDeclared } from "./declared.ts";
import { readFlagValue } from "./flags.ts";
import { checkPattern } from "./permissions.ts";
import { written } from "./templates.ts";
import { declaredNote, readAttributeValue, readEntitlement } from "./values.ts";

/** A catalog test, and where each of its expectations stands. */
export interface PlacedTest {
  readonly test: CatalogTest;
  readonly entry: Entry<CatalogTestManifest>;
}

/** The catalog's tests, with values in the form that decisions have. Unknown names in them are reported. */
export function readTests(catalog: Catalog, report: Report): PlacedTest[] {
  return catalog.merged.tests.flatMap((entry) => {
    const reading: Reading = {
      catalog,
      report,
      place: (path, what = "value") => ({ file: entry.file, path: [...entry.path, ...path], what }),
    };
    const { name, now, org, member, resource, environment, request, expect } = entry.value;
    checkRoles(member, reading);
    const given = {
      org: org && readOrg(org, reading),
      member: member && { ...member, ...readNested("member", member.attributes, reading) },
      resource: resource && readAsked(resource.type ?? null, resource, resourceFields, "resource", reading),
      environment,
      request: request && readAsked("request", request, ["mfa"], "request", reading),
    };
    if (Object.keys(expect).length === 0) {
      const detail = "A test that expects nothing shows nothing. Write what must come out.";
      report("bad-test", reading.place(["expect"], "key"), detail);
    }
    const read = Object.entries(expect).map(([expectation, value]) => [
      expectation,
      readExpectation(expectation, value, reading),
    ]);
    if (read.some(([, value]) => value === undefined)) return [];
    const test = { name, now, ...written(given), expect: Object.fromEntries(read) } as unknown as CatalogTest;
    return [{ test, entry }];
  });
}

interface Reading {
  readonly catalog: Catalog;
  readonly report: Report;
  readonly place: (path: Path, what?: "key" | "value") => Place;
}

type Given = { readonly [name: string]: Value | undefined };

const orgFields = ["id", "slug", "plan", "created_at", "status", "flags", "entitlements", "attributes"];
const resourceFields = ["type", "id", "workspace", "environment", "attributes"];

function readOrg(org: NonNullable<CatalogTestManifest["org"]>, reading: Reading): Given {
  const { catalog, report, place } = reading;
  if (org.plan !== undefined) {
    const declared = org.plan.includes("@") ? catalog.versions : catalog.declared("plans");
    const by = "in the catalog's plans";
    isDeclared({ name: org.plan, place: place(["org", "plan"]), code: "unknown-plan", by }, declared, report);
  }
  const flags = Object.entries(org.flags ?? {}).flatMap(([name, value]) => {
    const at: Path = ["org", "flags", name];
    if (!isKnown(name, "flags", place(at, "key"), reading)) return [];
    const flag = catalog.flags.get(name);
    const read = flag && readFlagValue(value, flag, place(at), report);
    return read === undefined ? [] : [[name, read]];
  });
  const entitlements = Object.entries(org.entitlements ?? {}).flatMap(([name, value]) => {
    const at: Path = ["org", "entitlements", name];
    if (!isKnown(name, "features", place(at, "key"), reading)) return [];
    const feature = catalog.features.get(name);
    const read = feature && readEntitlement(value, feature, place(at), report);
    return read === undefined ? [] : [[name, read]];
  });
  return {
    ...readAsked("org", org as Given, orgFields, "org", reading),
    ...(org.flags ? { flags: Object.fromEntries(flags) } : {}),
    ...(org.entitlements ? { entitlements: Object.fromEntries(entitlements) } : {}),
  };
}

/** What is asked about: its own fields, and beside them or under `attributes` the declared attributes. */
function readAsked(
  subject: string | null,
  asked: Given,
  fields: readonly string[],
  part: string,
  reading: Reading,
): Given {
  if (subject === null) return asked;
  const beside = Object.entries(asked).filter(([name]) => !fields.includes(name));
  const own = Object.entries(asked).filter(([name]) => fields.includes(name));
  return {
    ...Object.fromEntries(own),
    ...readValues(subject, beside, [part], reading),
    ...readNested(subject, asked.attributes as Given | undefined, reading, part),
  };
}

function readNested(subject: string, attributes: Given | undefined, reading: Reading, part = subject): Given {
  if (!attributes) return {};
  return {
    attributes: readValues(subject, Object.entries(attributes), [part, "attributes"], reading) as Value,
  };
}

function readValues(
  subject: string,
  values: readonly (readonly [string, Value | undefined])[],
  path: Path,
  { catalog, report, place }: Reading,
): Given {
  const read: Record<string, Value> = {};
  for (const [name, value = null] of values) {
    const at = [...path, name];
    const declared = catalog.attributes.get(`${subject}.${name}`);
    if (declared) {
      const one = readAttributeValue(value, declared, place(at), report);
      if (one !== undefined) read[name] = one;
    } else if (!catalog.declared("attributes").has(`${subject}.${name}`)) {
      const near = nearName(`${subject}.${name}`, catalog.attributes.keys());
      const help = near === undefined ? "" : ` Did you mean "${near.slice(near.indexOf(".") + 1)}"?`;
      const detail = `"${name}" is no field of a test's ${path[0]}, and no attribute of ${subject}.${help}`;
      const notes = near === undefined ? [] : declaredNote(catalog.attributes.get(near)?.place ?? null);
      report("unknown-attribute", place(at, "key"), detail, notes);
    }
  }
  return read;
}

/** Roles of tests are the catalog's: an org's own are not there to be held. */
function checkRoles(member: CatalogTestManifest["member"], { catalog, report, place }: Reading): void {
  const { roles = [], workspaces = {}, environments = {}, resources = {} } = member ?? {};
  const held: (readonly [Path, readonly string[]])[] = [[["roles"], roles]];
  for (const [section, places] of Object.entries({ workspaces, environments, resources }))
    for (const [name, here] of Object.entries(places)) held.push([[section, name], here]);
  for (const [path, names] of held) {
    for (const [index, name] of names.entries()) {
      const at = place(["member", ...path, index]);
      const by = "in the catalog's roles";
      isDeclared({ name, place: at, code: "unknown-role", by }, catalog.declared("roles"), report);
    }
  }
}

function readExpectation(expectation: string, value: Value, reading: Reading): Value | undefined {
  const { catalog, report } = reading;
  const key = reading.place(["expect", expectation], "key");
  const place = reading.place(["expect", expectation]);
  const dot = expectation.indexOf(".");
  const name = expectation.slice(dot + 1);
  switch (expectation.slice(0, dot)) {
    case "flags": {
      if (!isKnown(name, "flags", key, reading)) return undefined;
      const flag = catalog.flags.get(name);
      return flag && readFlagValue(value, flag, place, report);
    }
    case "entitlements": {
      if (!isKnown(name, "features", key, reading)) return undefined;
      const feature = catalog.features.get(name);
      return feature && readEntitlement(value, feature, place, report);
    }
    case "permissions":
      checkPattern(name, key, catalog, report);
      if (typeof value === "boolean") return value;
      if (value !== null) report("bad-test", place, "A permission is given or not: expect true or false.");
      return undefined;
    default: {
      const near = nearName(expectation.slice(0, dot), ["flags", "entitlements", "permissions"]);
      const help = near === undefined ? "" : ` Did you mean "${near}.${name}"?`;
      const forms = "flags.<name>, entitlements.<name> or permissions.<resource>:<action>";
      report("bad-test", key, `What can be expected is ${forms}.${help}`);
      return undefined;
    }
  }
}

function isKnown(name: string, section: "flags" | "features", place: Place, { catalog, report }: Reading) {
  const code = section === "flags" ? "unknown-flag" : "unknown-feature";
  const by = `in the catalog's ${section}`;
  return isDeclared({ name, place, code, by }, catalog.declared(section), report);
}
