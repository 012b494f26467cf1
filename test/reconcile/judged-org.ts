import { compileCatalog } from "../../src/decision/compile-catalog.ts";
import type { CatalogSnapshot } from "../../src/decision/snapshot.ts";
import type { Resource } from "../../src/model/state.ts";
import type { Change } from "../../src/plan/plan.ts";
import type { JudgedOrg, Judging } from "../../src/reconcile/brakes.ts";
import { catalog, catalogResources, declare, now } from "../decision/acme-cloud.ts";

/** Something changed in the org; what it was is for the judge to see from the rows. */
const change: Change = {
  action: "delete",
  kind: "member",
  id: "m1",
  key: "gone@acme.example",
  path: null,
  partOf: null,
  drift: null,
  before: {},
};

/** The org acme with these rows before and after, beside its own. */
export function judged(
  before: readonly Resource[] | null,
  after: readonly Resource[] | null,
  changes: readonly Change[] = [change],
): JudgedOrg {
  const whole = (rows: readonly Resource[] | null) =>
    rows && (rows.some(({ kind }) => kind === "org") ? rows : [declare("org", { slug: "acme" }), ...rows]);
  return { slug: "acme", before: whole(before), after: whole(after), changes };
}

export function judging(after: CatalogSnapshot = catalog): Judging {
  return { before: catalog, after, now };
}

/** The sample catalog with one of its resources said otherwise. */
export function catalogWith(changed: Resource): CatalogSnapshot {
  return compileCatalog(
    catalogResources.map((each) => (each.kind === changed.kind && each.key === changed.key ? changed : each)),
  );
}

export const member = (name: string, more = {}) =>
  declare("member", { key: `${name}@acme.example`, ...more });
export const owner = (name: string) =>
  declare("binding", { member: `${name}@acme.example`, catalog_role: "owner" });
