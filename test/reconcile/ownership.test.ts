import { describe, expect, test } from "vitest";
import type { Database } from "../../src/database/connect.ts";
import { sectionNames } from "../../src/manifest/schema/org-schema.ts";
import { descriptorOf, type Kind, kinds } from "../../src/model/kinds.ts";
import type { Plan } from "../../src/plan/plan.ts";
import { shownChanges } from "../../src/view/change-text.ts";
import { eachEngine } from "../engines.ts";
import { applyManifests, changesOf, insertByHand, planManifests, rowOf } from "./manifest-estate.ts";
import { catalog, type Json, merged, org, type Sample, samples } from "./samples.ts";

const all = (Object.keys(kinds) as Kind[]).flatMap((kind) =>
  samples[kind].map((sample) => ({ kind, sample, name: `${kind} in ${sample.section}` })),
);

/** Those of which there can be several. */
const cases = all.flatMap((one) => (one.sample.other === null ? [] : { ...one, other: one.sample.other }));
const settings = all.filter(({ sample }) => sample.other === null);

test("every kind has a sample, but for the two that every manifest is, and every section has one", () => {
  const without = Object.entries(samples).filter(([, all]) => all.length === 0);
  expect(without.map(([kind]) => kind)).toEqual(["catalog", "org"]);
  const sections = all.filter(({ sample }) => sample.in === "org").map(({ sample }) => sample.section);
  expect(new Set(sections)).toEqual(new Set(sectionNames));
});

/** The manifests with what a sample needs, in a section that is written, and more. */
function manifests(sample: Sample, ...more: readonly (Json | null)[]) {
  const empty = sample.section === "products" ? [] : {};
  const layers = [{ [sample.section]: empty }, ...more.filter((layer) => layer !== null)];
  const needs = sample.needs ?? {};
  return sample.in === "catalog"
    ? { catalog: merged(catalog, ...layers), orgs: [merged(org, needs)] }
    : { orgs: [merged(org, needs, ...layers)] };
}

/** The row that the manifests make of a part of a sample. */
async function madeBy(
  database: Database,
  kind: Kind,
  before: Parameters<typeof applyManifests>[1],
  part: Json,
) {
  const { catalog: shop = catalog, orgs } = before;
  const isInCatalog = descriptorOf(kind).tier === "catalog";
  const plan = await applyManifests(database, {
    catalog: isInCatalog ? merged(shop, part) : shop,
    orgs: isInCatalog ? orgs : [merged(orgs[0] as Json, part)],
  });
  const change = changesOf(plan).find((one) => one.action === "create" && one.kind === kind);
  return change?.id as string;
}

const ids = (plan: Parameters<typeof changesOf>[0]) =>
  changesOf(plan).map(({ action, kind, id }) => `${action} ${kind} ${id}`);

function shownText({ scopes }: Plan): string {
  return JSON.stringify(scopes.flatMap(({ org: slug, changes }) => shownChanges(slug, changes)));
}

eachEngine("what something else made", (open) => {
  test.each(cases)("a $name", async ({ kind, sample, other }) => {
    const database = await open();
    const { one } = sample;
    const isKept = descriptorOf(kind).keptWhenAbsent === true;
    await applyManifests(database, manifests(sample));
    const ours = await madeBy(database, kind, manifests(sample), one);
    const theirRow = await rowOf(database, kind, await madeBy(database, kind, manifests(sample, one), other));

    // What the manifests made and declare no more goes.
    const goes = await planManifests(database, manifests(sample, one));
    if (isKept) {
      expect(goes.findings).toMatchObject([{ code: "undeclared-workspace" }]);
      await database.pool.query(`delete from tenantry."${kind}" where id = $1`, [theirRow.id]);
    } else {
      expect(ids(goes)).toEqual([`delete ${kind} ${theirRow.id}`]);
      await applyManifests(database, manifests(sample, one));
    }

    // What something else makes stays, also as what the manifests made beside it goes.
    const theirs = await insertByHand(database, kind, theirRow);
    expect(ids(await planManifests(database, manifests(sample, one)))).toEqual([]);
    const left = await planManifests(database, manifests(sample));
    expect(ids(left)).toEqual(isKept ? [] : [`delete ${kind} ${ours}`]);
    expect(left.findings.map(({ code }) => code)).toEqual(isKept ? ["undeclared-workspace"] : []);

    if (sample.in === "org") {
      for (const origin of ["manifest", "unknown", "invitation", "join", "api"]) {
        await database.pool.query(`update tenantry."${kind}" set origin = $1 where id = $2`, [
          origin,
          theirs,
        ]);
        const isJudged = origin === "manifest" || origin === "unknown";
        for (const over of ["unaccounted", "all"]) {
          const mode = over === "all" ? { authoritative: { over: "all" } } : "authoritative";
          const manage = { manage: { [sample.section]: mode } };
          const plan = await planManifests(database, manifests(sample, one, manage));
          const removals = ids(plan).filter((change) => change.includes(kind));
          expect(removals).toEqual(
            (isJudged || over === "all") && !isKept ? [`delete ${kind} ${theirs}`] : [],
          );
        }
      }
      await database.pool.query(`update tenantry."${kind}" set origin = 'unknown' where id = $1`, [theirs]);
    }

    // What is declared is adopted, and says so.
    const both = manifests(sample, one, other);
    const adopting = await applyManifests(database, both);
    expect(changesOf(adopting)).toMatchObject([
      { action: "update", kind, id: theirs, fields: [], managedBefore: null },
    ]);
    expect(shownText(adopting)).toContain("adopted");
    expect(ids(await planManifests(database, both))).toEqual([]);
    expect(await rowOf(database, kind, theirs)).toMatchObject({ origin: "unknown" });
  });

  test.each(settings)("a $name, of which there is one", async ({ kind, sample }) => {
    const database = await open();
    const { section, one } = sample;
    const unwritten = { orgs: [org] };
    const id = await madeBy(database, kind, unwritten, one);
    const row = await rowOf(database, kind, id);
    await applyManifests(database, { orgs: [{ ...org, release: [section] }] });
    await database.pool.query(`delete from tenantry."${kind}"`);

    // Where nothing is written it is nobody's; where it is written empty, the documented default.
    const theirs = await insertByHand(database, kind, row);
    expect(ids(await planManifests(database, unwritten))).toEqual([]);
    const empty = await planManifests(database, { orgs: [{ ...org, [section]: {} }] });
    expect(ids(empty)).toEqual(section === "banner" ? [] : [`update ${kind} ${theirs}`]);

    const manage = { [section]: {}, manage: { [section]: "authoritative" } };
    const judged = await planManifests(database, { orgs: [merged(org, manage)] });
    expect(ids(judged).filter((change) => change.includes(kind))).toEqual([
      `${section === "banner" ? "delete" : "update"} ${kind} ${theirs}`,
    ]);

    const adopting = await applyManifests(database, { orgs: [merged(org, one)] });
    expect(changesOf(adopting)).toMatchObject([{ action: "update", id: theirs, managedBefore: null }]);
    expect(shownText(adopting)).toContain("adopted");
  });
});

eachEngine("a section", (open) => {
  const ofSection = sectionNames.map((section) => {
    const found = all.find(({ sample }) => sample.in === "org" && sample.section === section);
    return { section, ...(found as (typeof all)[number]) };
  });

  test.each(ofSection)("$section that is written no more stops the plan until it says why", async (one) => {
    const database = await open();
    const { section, sample, kind } = one;
    const written = manifests(sample, sample.one);
    await applyManifests(database, written);
    const [acme] = written.orgs as [Json];
    const { [section]: _dropped, ...rest } = acme;

    const dropped = await planManifests(database, { orgs: [rest] });
    expect(ids(dropped)).toEqual([]);
    expect(dropped.findings).toMatchObject([{ code: "dropped-section", subject: `acme/${section}` }]);

    const emptied = await planManifests(database, { orgs: [{ ...rest, [section]: {} }] });
    if (descriptorOf(kind).keptWhenAbsent) {
      expect(emptied.findings).toMatchObject([{ code: "undeclared-workspace" }]);
    } else {
      expect(emptied.findings).toEqual([]);
      const isSetting = sample.other === null && section !== "banner";
      expect(changesOf(emptied).map(({ action }) => action)).toContain(isSetting ? "update" : "delete");
    }

    const released = await applyManifests(database, { orgs: [{ ...rest, release: [section] }] });
    expect(changesOf(released).length).toBeGreaterThan(0);
    expect(changesOf(released).every((change) => change.action === "update" && change.managed === null)).toBe(
      true,
    );
    // Let go of once, it is as if it had never been written.
    const after = await planManifests(database, { orgs: [rest] });
    expect([ids(after), after.findings]).toEqual([[], []]);
  });
});

describe("an org that something else made", () => {
  eachEngine("", (open) => {
    test("is left alone until it is declared, and then adopted", async () => {
      const database = await open();
      await applyManifests(database, { orgs: [org] });
      await database.pool.query(
        "insert into tenantry.org (org_id, id, slug) select i, i, 'globex' from gen_random_uuid() i",
      );
      const without = await planManifests(database, { orgs: [org] });
      expect([ids(without), without.findings]).toEqual([[], []]);
      const adopting = await applyManifests(database, { orgs: [org, { ...org, org: "globex" }] });
      expect(changesOf(adopting)).toMatchObject([{ action: "update", kind: "org", managedBefore: null }]);
      expect((await planManifests(database, { orgs: [org] })).findings).toMatchObject([
        { code: "undeclared-org", subject: "globex" },
      ]);
    });
  });
});
