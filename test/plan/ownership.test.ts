import { describe, expect, test } from "vitest";
import { descriptorOf, sectionOf } from "../../src/model/kinds.ts";
import {
  type ActualRow,
  catalogId,
  type DesiredScope,
  type Origin,
  type Resource,
} from "../../src/model/state.ts";
import { everyPlace, fieldsOf } from "./any-row.ts";
import { actualScope, declared, desiredScope, foreign, owned, planOf } from "./estate.ts";

const origins = ["manifest", "unknown", "invitation", "join", "api"] as const satisfies readonly Origin[];

describe.each(everyPlace.filter(({ kind }) => kind !== "org"))("a $name", (place) => {
  const { kind } = place;
  const { tier, key, keptWhenAbsent = false, identity } = descriptorOf(kind);
  const [ours, theirs] = [fieldsOf(place, 1), fieldsOf(place, 2)];
  const section = sectionOf(kind, ours);
  const isOnly = identity.length === 0;
  const made = owned(kind, "ours", ours);
  const found = (origin: Origin): ActualRow => ({ ...foreign(kind, "theirs", theirs), origin });

  function plan(rows: readonly ActualRow[], git: readonly Resource[] = [], more: Partial<DesiredScope> = {}) {
    const managed = { sections: new Set(["org", section]), ...more };
    const acme = declared("org", "", { slug: "acme" });
    const org = actualScope("acme", "o1", [
      owned("org", "o1", { slug: "acme" }),
      ...(tier === "org" ? rows : []),
    ]);
    return planOf(
      tier === "org"
        ? { desired: { orgs: [desiredScope("acme", [acme, ...git], managed)] }, actual: { orgs: [org] } }
        : {
            desired: { catalog: desiredScope(null, git, managed), orgs: [desiredScope("acme", [acme])] },
            actual: { catalog: actualScope(null, catalogId, rows), orgs: [org] },
          },
    );
  }
  const deleted = (...of: Parameters<typeof plan>) =>
    plan(...of).scopes.flatMap(({ changes }) =>
      changes.map(({ action, id }) => {
        expect(action).toBe("delete");
        return id;
      }),
    );
  const rowsWith = (origin: Origin) => (isOnly ? [found(origin)] : [made, found(origin)]);

  test("that something else made is left alone by an additive section", () => {
    for (const origin of origins) {
      expect(deleted([found(origin)])).toEqual([]);
      expect(deleted(rowsWith(origin), isOnly ? [] : [declared(kind, key(ours), ours)])).toEqual([]);
    }
  });

  test("that the manifests made and declare no more goes, unless absence never deletes its kind", () => {
    expect(deleted(isOnly ? [made] : [made, found("api")])).toEqual(keptWhenAbsent ? [] : ["ours"]);
    expect(plan([made]).findings.map(({ code }) => code)).toEqual(
      keptWhenAbsent ? ["undeclared-workspace"] : [],
    );
  });

  test("that nothing accounts for goes from an authoritative section, others only where it is over all", () => {
    for (const origin of origins) {
      const isJudged = origin === "manifest" || origin === "unknown";
      const others = isOnly || keptWhenAbsent ? [] : ["ours"];
      const remove = (judges: "unaccounted" | "all") =>
        deleted(rowsWith(origin), [], { authoritative: new Map([[section, judges]]) });
      expect(remove("unaccounted")).toEqual(isJudged && !keptWhenAbsent ? [...others, "theirs"] : others);
      expect(remove("all")).toEqual(keptWhenAbsent ? others : [...others, "theirs"]);
    }
  });

  test("that something else made is adopted once it is declared, and not before", () => {
    for (const origin of origins) {
      expect(plan([found(origin)], [declared(kind, key(theirs), theirs)]).scopes).toMatchObject([
        { changes: [{ action: "update", id: "theirs", fields: [], managedBefore: null }] },
      ]);
    }
  });

  test("in a section that was never written is nobody's, and stops the plan where it was the manifests'", () => {
    const unwritten = { sections: new Set(["org"]) };
    expect(plan([found("unknown")], [], unwritten)).toMatchObject({ scopes: [], findings: [] });
    expect(plan([made], [], unwritten)).toMatchObject({
      scopes: [],
      findings: [{ code: "dropped-section", subject: `${tier === "org" ? "acme" : "catalog"}/${section}` }],
    });
  });

  test("in a section that is let go of stays, and is nobody's", () => {
    const released = { sections: new Set(["org"]), released: new Set([section]) };
    const { scopes, findings } = plan([made], [], released);
    expect(findings).toEqual([]);
    expect(scopes).toMatchObject([
      { changes: [{ action: "update", id: "ours", fields: [], managed: null }] },
    ]);
  });
});
