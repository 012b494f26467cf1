import type { CatalogTest } from "../../model/catalog-test.ts";
import { parseTime } from "../../model/time.ts";
import type { Value } from "../../model/value.ts";
import type { Entry } from "../merge-catalogs.ts";
import type { Report } from "../place.ts";
import type { CatalogTestManifest } from "../schema/catalog-schema.ts";
import type { Catalog } from "./catalog.ts";
import { isMap } from "./condition.ts";
import { type Declared, isDeclared } from "./declared.ts";
import { checkPattern } from "./permissions.ts";
import { readEntitlement } from "./values.ts";

/** A catalog test, and where each of its expectations stands. */
export interface PlacedTest {
  readonly test: CatalogTest;
  readonly entry: Entry<CatalogTestManifest>;
}

/** The catalog's tests, with values in the form that decisions have. Unknown names in them are reported. */
export function readTests(catalog: Catalog, report: Report): PlacedTest[] {
  return catalog.merged.tests.flatMap((entry) => {
    const { name, now, org, member, resource, environment, request, expect } = entry.value;
    const parts = { org, member, resource, environment, request };
    for (const [part, value] of Object.entries(parts)) {
      if (value === undefined || isMap(value)) continue;
      report("wrong-type", { ...entry, path: [...entry.path, part], what: "value" }, "Expected a map.");
      return [];
    }
    const read = Object.entries(expect).map(([expectation, value]) => [
      expectation,
      readExpectation(expectation, value, entry, catalog, report),
    ]);
    if (read.some(([, value]) => value === undefined)) return [];
    const given = Object.entries(parts).filter(([, value]) => value !== undefined);
    const test = { name, now, ...Object.fromEntries(given), expect: Object.fromEntries(read) } as CatalogTest;
    return [
      { test: { ...test, ...(test.org ? { org: readOrg(test.org, entry, catalog, report) } : {}) }, entry },
    ];
  });
}

type TestedOrg = NonNullable<CatalogTest["org"]>;

function readOrg(
  org: TestedOrg,
  entry: Entry<CatalogTestManifest>,
  catalog: Catalog,
  report: Report,
): TestedOrg {
  const at = (...path: string[]) =>
    ({ file: entry.file, path: [...entry.path, "org", ...path], what: "value" }) as const;
  const plans = catalog.declared("plans");
  if (org.plan !== undefined) {
    const declared = org.plan.includes("@") ? catalog.versions : plans;
    isDeclared({ name: org.plan, place: at("plan"), code: "unknown-plan", by: "in plans" }, declared, report);
  }
  const entitlements = Object.entries(org.entitlements ?? {}).flatMap(([name, written]) => {
    const feature = catalog.features.get(name);
    const value = feature && readEntitlement(written, feature, at("entitlements", name), report);
    return value === undefined ? [] : [[name, value as Value]];
  });
  const createdAt = org.created_at === undefined ? undefined : parseTime(String(org.created_at));
  if (createdAt === null) report("bad-date", at("created_at"), "Expected a date, as 2026-10-30.");
  return {
    ...org,
    ...(org.entitlements ? { entitlements: Object.fromEntries(entitlements) } : {}),
    ...(createdAt ? { created_at: createdAt } : {}),
  };
}

function readExpectation(
  expectation: string,
  value: Value,
  entry: Entry<CatalogTestManifest>,
  catalog: Catalog,
  report: Report,
): Value | undefined {
  const place = { file: entry.file, path: [...entry.path, "expect", expectation], what: "key" } as const;
  const dot = expectation.indexOf(".");
  const name = expectation.slice(dot + 1);
  const known = (declared: Declared, code: "unknown-flag" | "unknown-feature") =>
    isDeclared({ name, place, code, by: "in the catalog" }, declared, report);
  switch (expectation.slice(0, dot)) {
    case "flags":
      return known(catalog.declared("flags"), "unknown-flag") ? value : undefined;
    case "entitlements": {
      if (!known(catalog.declared("features"), "unknown-feature")) return undefined;
      const feature = catalog.features.get(name);
      return feature && readEntitlement(value, feature, { ...place, what: "value" }, report);
    }
    case "permissions":
      checkPattern(name, place, catalog, report);
      return value;
    default:
      report(
        "bad-test",
        place,
        "Expectations are flags.<name>, entitlements.<name> or permissions.<resource>:<action>.",
      );
      return undefined;
  }
}
