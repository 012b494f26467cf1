import { describe, expect, test } from "vitest";
import { descriptorOf, type Kind, kinds } from "../../src/model/kinds.ts";
import { catalogId } from "../../src/model/state.ts";
import { actualScope, declared, desiredScope, owned, planOf } from "./estate.ts";

/** The kinds that `previously` can rename, with the field that holds their name. */
const renamed = [
  ["catalog_role", "name"],
  ["feature", "name"],
  ["plan", "name"],
  ["flag", "name"],
  ["role", "name"],
  ["member", "key"],
  ["team", "name"],
  ["workspace", "slug"],
  ["environment", "slug"],
] as const satisfies readonly (readonly [Kind, string])[];

describe.each(renamed)("a %s", (kind, field) => {
  const { tier, key } = descriptorOf(kind);
  const rest = kind === "environment" ? { workspace: "w" } : {};
  const row = (id: string, name: string) => owned(kind, id, { ...rest, [field]: name });
  const keyOf = (name: string) => key({ ...rest, [field]: name });
  const git = (name: string, ...previously: string[]) =>
    declared(kind, keyOf(name), { ...rest, [field]: name }, previously.map(keyOf));

  function plan(resources: readonly ReturnType<typeof git>[], rows: readonly ReturnType<typeof row>[]) {
    const acme = [declared("org", "", { slug: "acme" })];
    const org = [owned("org", "o1", { slug: "acme" })];
    const other = [declared("catalog", "", { name: "shop" })];
    const settings = [owned("catalog", "c1", { name: "shop" })];
    const isOrg = tier === "org";
    const all = {
      sections: new Set(["org", "catalog", ...Object.values(kinds).map(({ section }) => String(section))]),
    };
    return planOf({
      desired: {
        catalog: desiredScope(null, isOrg ? other : [...other, ...resources], all),
        orgs: [desiredScope("acme", isOrg ? [...acme, ...resources] : acme, all)],
      },
      actual: {
        catalog: actualScope(null, catalogId, isOrg ? settings : [...settings, ...rows]),
        orgs: [actualScope("acme", "o1", isOrg ? [...org, ...rows] : org)],
      },
    });
  }
  const changes = (...of: Parameters<typeof plan>) => plan(...of).scopes.flatMap((scope) => scope.changes);
  const update = (id: string, before: string, after: string) => ({
    action: "update",
    id,
    fields: [{ field, before, after, drift: null }],
  });

  test("of which only the old name is there is renamed", () => {
    expect(changes([git("b", "a")], [row("1", "a")])).toMatchObject([update("1", "a", "b")]);
    expect(changes([git("c", "b", "a")], [row("1", "a")])).toMatchObject([update("1", "a", "c")]);
  });

  test("of which only the new name is there stays as it is", () => {
    expect(plan([git("b", "a")], [row("1", "b")])).toMatchObject({ scopes: [], findings: [], notes: [] });
  });

  test("of which neither is there is created, with a note", () => {
    const subject = `${tier === "org" ? "acme" : "catalog"}/${descriptorOf(kind).label}/${keyOf("b")}`;
    const path = [kind, keyOf("b")];
    expect(plan([git("b", "a")], [])).toMatchObject({
      scopes: [{ changes: [{ action: "create", key: keyOf("b") }] }],
      notes: [{ subject, message: `"${keyOf("a")}" was not found; ${keyOf("b")} is created`, at: { path } }],
    });
    const [note] = plan([git("c", "b", "a")], []).notes;
    expect(note?.message).toBe(
      `None of "${keyOf("b")}", "${keyOf("a")}" was found; ${keyOf("c")} is created`,
    );
  });

  test("of which both are there stops the plan", () => {
    expect(plan([git("b", "a")], [row("1", "a"), row("2", "b")]).findings).toMatchObject(
      kind === "workspace"
        ? [{ code: "undeclared-workspace" }, { code: "rename-clash" }]
        : [{ code: "rename-clash" }],
    );
  });

  test("whose name is handed on takes its own with it, once", () => {
    const chain = [git("b", "a"), git("c", "b")];
    for (const resources of [chain, [...chain].reverse()]) {
      const made = changes(resources, [row("1", "a"), row("2", "b")]);
      expect(made).toHaveLength(2);
      expect(made).toEqual(
        expect.arrayContaining([
          expect.objectContaining({ id: "1", key: keyOf("b") }),
          expect.objectContaining({ id: "2", key: keyOf("c") }),
        ]),
      );
      expect(changes(resources, [row("1", "b"), row("2", "c")])).toEqual([]);
    }
  });

  test("that was given a third name first changes places with another", () => {
    const apart = [git("c", "a"), git("b")];
    expect(changes(apart, [row("1", "a"), row("2", "b")])).toMatchObject([update("1", "a", "c")]);
    const swapped = [git("b", "c"), git("a", "b")];
    expect(changes(swapped, [row("1", "c"), row("2", "b")])).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ id: "1", key: keyOf("b") }),
        expect.objectContaining({ id: "2", key: keyOf("a") }),
      ]),
    );
    expect(changes(swapped, [row("1", "b"), row("2", "a")])).toEqual([]);
  });
});

describe("an org", () => {
  const scope = (slug: string, ...previously: string[]) =>
    desiredScope(slug, [declared("org", "", { slug })], { previously });
  const found = (slug: string, id: string) => actualScope(slug, id, [owned("org", id, { slug })]);
  const plan = (orgs: ReturnType<typeof scope>[], there: ReturnType<typeof found>[]) =>
    planOf({ desired: { orgs }, actual: { orgs: there } });

  test("of which neither name is there is created, with a note", () => {
    const made = plan([scope("b", "a"), scope("x")], [found("x", "9")]);
    expect(made.scopes).toMatchObject([{ org: "b", orgId: "new-1", changes: [{ action: "create" }] }]);
    expect(made.notes).toEqual([
      { subject: "b", message: `"a" was not found; b is created`, at: { org: "b", path: ["previously"] } },
    ]);
  });

  test("of which both names are there stops the plan", () => {
    const { findings } = plan([scope("b", "a")], [found("a", "1"), found("b", "2")]);
    expect(findings.map(({ code, subject }) => `${code} ${subject}`)).toEqual([
      "undeclared-org a",
      "rename-clash b",
    ]);
  });

  test("whose slug is handed on takes its rows with it, once", () => {
    const chain = [scope("b", "a"), scope("c", "b")];
    expect(plan(chain, [found("a", "1"), found("b", "2")]).scopes).toMatchObject([
      { org: "b", orgId: "1" },
      { org: "c", orgId: "2" },
    ]);
    expect(plan(chain, [found("b", "1"), found("c", "2")])).toMatchObject({ scopes: [], findings: [] });
  });
});
