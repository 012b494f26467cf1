import { describe, expect, test } from "vitest";
import type { ActualRow, DesiredScope } from "../../src/model/state.ts";
import type { Value } from "../../src/model/value.ts";
import type { PlanInputs } from "../../src/plan/make-plan.ts";
import type { Change } from "../../src/plan/plan.ts";
import { actualScope, declared, desiredScope, foreign, owned, planOf } from "./estate.ts";

type Fields = Record<string, Value>;

const orgRow = (more: Fields = {}) =>
  owned("org", "o1", { slug: "acme", status: "active", protected: false, purge_after: null, ...more });
const ana = owned("member", "m1", { key: "ana@acme.example" });
const eve = foreign("member", "m2", { key: "eve@acme.example" });

/** The plan for an org that the database holds, declared or not. */
function planFor(
  rows: readonly ActualRow[],
  declaring: readonly DesiredScope[],
  inputs?: Partial<PlanInputs>,
) {
  const plan = planOf({
    desired: { orgs: declaring },
    actual: { orgs: [actualScope("acme", "o1", rows)] },
    ...(inputs && { inputs }),
  });
  return { ...plan, changes: plan.scopes.flatMap(({ changes }) => changes) };
}

const declaring = (fields: Fields, ...more: DesiredScope["resources"]) => [
  desiredScope("acme", [declared("org", "", { slug: "acme", ...fields }), ...more]),
];
const said = ({ code, subject, message, help, canPass }: ReturnType<typeof planOf>["findings"][number]) => ({
  name: `${code}:${subject}`,
  message,
  help,
  canPass,
});
const short = (change: Change) =>
  change.action === "update"
    ? [change.action, change.id, ...change.fields.map(({ field, after }) => `${field} ${after}`)]
    : [change.action, change.id];

describe("an org that no manifest declares", () => {
  test("stops the plan by name, with what can be done", () => {
    const { findings, changes } = planFor([orgRow(), ana], []);
    expect(changes).toEqual([]);
    expect(findings.map(said)).toEqual([
      {
        name: "undeclared-org:acme",
        message: 'The manifests made the org "acme" and declare it no more. Absence never deletes an org.',
        help: "Declare it again, with status: archived if it is to end; or archive what is undeclared with --prune, or let it go with --forget acme. There is no flag that lets it pass.",
        canPass: false,
      },
    ]);
  });

  test("is archived by pruning, stays on the ledger, and then may be undeclared", () => {
    const { findings, changes } = planFor([orgRow(), ana], [], { prune: true });
    expect(findings).toEqual([]);
    expect(changes.map(short)).toEqual([["update", "o1", "status archived"]]);
    expect(changes).toMatchObject([{ managed: ["protected", "purge_after", "slug", "status"] }]);
    const archived = planFor([orgRow({ status: "archived" }), ana], []);
    expect([archived.findings, archived.changes]).toEqual([[], []]);
  });

  test("comes back as active when it is declared again", () => {
    const { changes } = planFor([orgRow({ status: "archived" })], declaring({}));
    expect(changes.map(short)).toEqual([["update", "o1", "status active"]]);
  });

  test("is not archived by pruning while it is protected", () => {
    const { findings, changes } = planFor([orgRow({ protected: true })], [], { prune: true });
    expect(changes.map(short)).toEqual([["update", "o1", "status archived"]]);
    expect(findings.map(said)).toEqual([
      {
        name: "protected:acme",
        message: 'The org "acme" is protected, and would be archived because no manifest declares it.',
        help: "Declare it again, or let it go with --forget acme; to let it pass once: --allow protected:acme",
        canPass: true,
      },
    ]);
  });

  test("is let go of with all its rows, which stay as they are", () => {
    const { findings, changes } = planFor([orgRow({ protected: true }), ana, eve], [], {
      forget: new Set(["acme"]),
    });
    expect(findings).toEqual([]);
    expect(changes).toMatchObject([
      { action: "update", id: "o1", fields: [], managed: null },
      { action: "update", id: "m1", fields: [], managed: null },
    ]);
    expect(changes).toHaveLength(2);
  });

  test("is nobody's business where the manifests did not make it", () => {
    const { findings, changes } = planFor([{ ...orgRow(), managed: null, origin: "api" }, ana], [], {
      prune: true,
    });
    expect([findings, changes]).toEqual([[], []]);
  });
});

describe("a workspace that is declared no more", () => {
  const web = owned("workspace", "w1", { slug: "web" });
  const live = owned("environment", "e1", { workspace: "w1", slug: "live" });
  const place = {
    member: "m1",
    team: null,
    catalog_role: "r1",
    role: null,
    workspace: null,
    environment: null,
  };
  const mine = owned("binding", "b1", { ...place, environment: "e1", resource: null });
  const theirs = foreign("binding", "b2", { ...place, workspace: "w1", resource: null });
  const rows = [owned("org", "o1", { slug: "acme" }), ana, web, live, mine, theirs];
  const still = declaring({}, declared("member", "ana@acme.example", { key: "ana@acme.example" }));

  test("stops the plan, and everything in it stays", () => {
    const { findings, changes } = planFor(rows, still);
    expect(changes).toEqual([]);
    expect(findings.map(said)).toEqual([
      {
        name: "undeclared-workspace:acme/workspace/web",
        message:
          'The manifests made workspace "web" and declare it no more. Absence never deletes a workspace.',
        help: "Declare it again, or let it go with everything in it: --forget acme/workspace/web. There is no flag that lets it pass.",
        canPass: false,
      },
    ]);
  });

  test("is let go of by its address, with everything in it that is the manifests'", () => {
    const { findings, changes } = planFor(rows, still, { forget: new Set(["acme/workspace/web"]) });
    expect(findings).toEqual([]);
    expect(changes.map(({ id }) => id).sort()).toEqual(["b1", "e1", "w1"]);
    expect(changes.every((change) => change.action === "update" && change.managed === null)).toBe(true);
  });
});

describe("the deletion of an org", () => {
  const gone = { status: "deleted" };

  test("is refused while it is protected and before it was archived, and both are told", () => {
    const { findings } = planFor([orgRow({ protected: true })], declaring({ ...gone, protected: false }));
    expect(findings.map(said)).toEqual([
      {
        name: "not-archived:acme",
        message: 'The org "acme" is active, and would be deleted.',
        help: "Only an archived org is deleted: write status: archived first, and apply that. There is no flag that lets it pass.",
        canPass: false,
      },
      {
        name: "protected:acme",
        message: 'The org "acme" is protected, and would be deleted.',
        help: "Take the protection away first, with protected: false, and apply that; to let it pass once: --allow protected:acme",
        canPass: true,
      },
    ]);
  });

  test("sets a time for its rows to go, thirty days on, where none is declared", () => {
    const archived = [orgRow({ status: "archived" })];
    expect(planFor(archived, declaring(gone)).changes.map(short)).toEqual([
      ["update", "o1", "status deleted", "purge_after 2026-12-20T09:00:00Z"],
    ]);
    const declaredTime = { ...gone, purge_after: "2027-01-01T00:00:00Z" };
    expect(planFor(archived, declaring(declaredTime)).changes.map(short)).toEqual([
      ["update", "o1", "status deleted", "purge_after 2027-01-01T00:00:00Z"],
    ]);
  });

  const dead = (more: Fields = {}): ActualRow => {
    const row = orgRow({ ...gone, purge_after: "2026-12-20T09:00:00Z", ...more });
    return { ...row, managed: ["protected", "slug", "status"] };
  };

  test("leaves its rows as they are until then, also where no manifest declares it any more", () => {
    const manifest = declaring(
      { ...gone, protected: false },
      declared("member", "ana@acme.example", { key: "ana@acme.example" }),
    );
    for (const still of [manifest, []]) {
      const { findings, changes } = planFor([dead(), ana, eve], still);
      expect([findings, changes]).toEqual([[], []]);
    }
  });

  test("is taken back by another status, and then there is no time any more", () => {
    expect(planFor([dead()], declaring({ protected: false })).changes.map(short)).toEqual([
      ["update", "o1", "status active", "purge_after null"],
    ]);
  });

  test("purges every row, whoever made it, when the time has come and it is allowed by name", () => {
    const late = { now: "2026-12-20T09:00:00Z" };
    for (const still of [declaring({ ...gone, protected: false }), []]) {
      const { findings, changes } = planFor([dead(), ana, eve], still, late);
      expect(changes.map(short)).toEqual([
        ["delete", "o1"],
        ["delete", "m1"],
        ["delete", "m2"],
      ]);
      expect(findings.map(said)).toEqual([
        {
          name: "purge:acme",
          message:
            'The org "acme" is deleted, and its 3 rows were to go after 2026-12-20T09:00:00Z. That cannot be undone; everything of it is exported first.',
          help: still.length
            ? "To keep it, write a later purge_after, or another status; to let it pass once: --allow purge:acme"
            : "Declare it to keep it; to let it pass once: --allow purge:acme",
          canPass: true,
        },
      ]);
    }
  });

  test("purges nothing that a later time, another status or letting go keeps", () => {
    const late = { now: "2026-12-20T09:00:00Z" };
    const later = declaring({ ...gone, protected: false, purge_after: "2027-01-01T00:00:00Z" });
    const purged = (still: DesiredScope[], more: Partial<PlanInputs> = {}) =>
      planFor([dead(), eve], still, { ...late, ...more }).changes.some(({ action }) => action === "delete");
    expect(purged([])).toBe(true);
    expect(purged(later)).toBe(false);
    expect(purged(declaring({ protected: false }))).toBe(false);
    expect(purged([], { forget: new Set(["acme"]) })).toBe(false);
  });

  test("does not purge a protected org unseen", () => {
    const { findings } = planFor([dead({ protected: true })], [], { now: "2027-01-01T00:00:00Z" });
    expect(findings.map(said)).toMatchObject([
      {
        name: "protected:acme",
        message: 'The org "acme" is protected, and would be purged.',
        help: "Take the protection away first, with protected: false, and apply that; to let it pass once: --allow protected:acme",
        canPass: true,
      },
      { name: "purge:acme" },
    ]);
  });

  test("leaves nothing to do for a manifest that outlives its org", () => {
    const plan = planOf({ desired: { orgs: declaring(gone) }, actual: {} });
    expect([plan.scopes, plan.findings]).toEqual([[], []]);
  });
});

describe("the slug of a purged org", () => {
  const buried = new Map([["acme", "2026-11-01T09:00:00Z"]]);

  test("is not taken unseen by a new org", () => {
    const { findings } = planOf({ desired: { orgs: declaring({}) }, actual: {}, inputs: { buried } });
    expect(findings.map(said)).toEqual([
      {
        name: "slug-buried:acme",
        message:
          'Another org was called "acme", and was purged at 2026-11-01T09:00:00Z. Links, keys and bills may still mean that one.',
        help: "Choose another slug; to let it pass once: --allow slug-buried:acme",
        canPass: true,
      },
    ]);
  });

  test("nor by a rename; and whoever has it already keeps it", () => {
    const renamed = [
      desiredScope("acme", [declared("org", "", { slug: "acme" })], { previously: ["acme-corp"] }),
    ];
    const plan = planOf({
      desired: { orgs: renamed },
      actual: { orgs: [actualScope("acme-corp", "o1", [owned("org", "o1", { slug: "acme-corp" })])] },
      inputs: { buried },
    });
    expect(plan.findings).toMatchObject([{ code: "slug-buried", subject: "acme" }]);
    expect(planFor([orgRow()], declaring({ name: "Acme" }), { buried }).findings).toEqual([]);
  });
});
