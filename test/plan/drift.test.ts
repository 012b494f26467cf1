import { describe, expect, test } from "vitest";
import { type ActualRow, catalogId, type OutsideWrite, type Resource } from "../../src/model/state.ts";
import { driftTexts } from "../../src/view/drift-text.ts";
import { actualScope, declared, desiredScope, foreign, owned, planOf } from "./estate.ts";
import { edited, psql, since, wrote } from "./outside.ts";

const acme = declared("org", "", { slug: "acme" });
const acmeRow = owned("org", "o1", { slug: "acme" });
const auditor = { name: "auditor", description: "Looks", grants: [] };
const row = owned("role", "r1", auditor);
const app = { login: "app", application: null, actor: "ana@acme.example", at: "2026-11-20T15:30:00Z" };

interface Case {
  readonly git?: readonly Resource[];
  readonly rows: readonly ActualRow[];
  readonly writes: readonly OutsideWrite[];
  readonly authoritative?: boolean;
}

function plan({ git = [declared("role", "auditor", auditor)], rows, writes, authoritative }: Case) {
  const judged = new Map(authoritative ? ([["roles", "unaccounted"]] as const) : []);
  return planOf({
    desired: { orgs: [desiredScope("acme", [acme, ...git], { authoritative: judged })] },
    actual: { orgs: [since(actualScope("acme", "o1", [acmeRow, ...rows]), ...writes)] },
  });
}

function changes(one: Case) {
  return plan(one).scopes.flatMap((scope) => scope.changes);
}

describe("a field that the manifests own", () => {
  const now = edited(row, { description: "Peeks" });

  test("is put back, with what was applied and who changed it", () => {
    const [change, ...others] = changes({ rows: [now], writes: [wrote(row, now)] });
    expect(others).toEqual([]);
    expect(change).toMatchObject({
      action: "update",
      fields: [
        {
          field: "description",
          before: "Peeks",
          after: "Looks",
          drift: { applied: "Looks", by: psql },
        },
      ],
    });
    expect(change && driftTexts(change)).toEqual([
      "drift: description was Looks, set to Peeks by psql/postgres on 2026-11-20 14:02; will be put back",
    ]);
  });

  test("is drift still where Git changed it too", () => {
    const git = [declared("role", "auditor", { ...auditor, description: "Reads" })];
    const [change] = changes({ git, rows: [now], writes: [wrote(row, now)] });
    expect(change).toMatchObject({
      fields: [{ before: "Peeks", after: "Reads", drift: { applied: "Looks", by: psql } }],
    });
    expect(change && driftTexts(change)).toEqual([
      "drift: description was Looks, set to Peeks by psql/postgres on 2026-11-20 14:02; Git now says Reads",
    ]);
  });

  test("is no drift where Git alone changed it, whatever else was written", () => {
    const git = [declared("role", "auditor", { ...auditor, description: "Reads", grants: ["org:read"] })];
    const half = edited(row, { grants: ["billing:read"] });
    const [change] = changes({ git, rows: [half], writes: [wrote(row, half)] });
    expect(change).toMatchObject({
      fields: [
        { field: "description", drift: null },
        { field: "grants", drift: { applied: [] } },
      ],
    });
  });

  test("is no change where it was set to what Git now says, or back to what it was", () => {
    const git = [declared("role", "auditor", { ...auditor, description: "Peeks" })];
    expect(changes({ git, rows: [now], writes: [wrote(row, now)] })).toEqual([]);
    expect(changes({ rows: [row], writes: [wrote(row, now), wrote(now, row)] })).toEqual([]);
  });

  test("names who made it what it is, not who wrote last", () => {
    const later = edited(now, { at_least: 3 });
    const [change] = changes({ rows: [later], writes: [wrote(row, now, app), wrote(now, later)] });
    expect(change).toMatchObject({ fields: [{ field: "description", drift: { by: app } }] });
    expect(change && driftTexts(change)[0]).toContain("by app for ana@acme.example on 2026-11-20 15:30;");
  });

  test("that refers to something is told by keys, as they are after renames", () => {
    const member = { key: "ana@acme.example" };
    const [ana, role, other] = [
      owned("member", "m1", member),
      owned("role", "r1", { name: "reader" }),
      owned("role", "r2", { name: "writer" }),
    ];
    const fields = { team: null, catalog_role: null, workspace: null, environment: null, resource: null };
    const held = owned("binding", "b1", { ...fields, member: "m1", role: "r1" });
    const raised = edited(held, { role: "r2" });
    const [, change, ...others] = changes({
      git: [
        declared("member", member.key, member),
        declared("role", "auditor", { name: "auditor" }, ["reader"]),
        declared("role", "writer", { name: "writer" }),
        declared("binding", "ana@acme.example:auditor", { ...fields, member: member.key, role: "auditor" }),
      ],
      rows: [ana, role, other, raised],
      writes: [wrote(held, raised)],
    }).sort((a, b) => (a.kind < b.kind ? 1 : -1));
    expect(others).toEqual([]);
    expect(change).toMatchObject({
      id: "b1",
      fields: [{ field: "role", before: "writer", after: "auditor", drift: { applied: "auditor" } }],
    });
    expect(change && driftTexts(change)).toEqual([
      "drift: role was auditor, set to writer by psql/postgres on 2026-11-20 14:02; will be put back",
    ]);
  });
});

test("a field that the manifests do not own is nobody's drift, also when Git declares it from now on", () => {
  const now = edited(row, { at_least: 2 });
  expect(changes({ rows: [now], writes: [wrote(row, now)] })).toEqual([]);
  const git = [declared("role", "auditor", { ...auditor, at_least: 1 })];
  expect(changes({ git, rows: [now], writes: [wrote(row, now)] })).toMatchObject([
    { fields: [{ field: "at_least", before: 2, after: 1, drift: null }] },
  ]);
});

describe("a row", () => {
  test("that somebody deleted comes back under its id, and so do those that refer to it", () => {
    const member = { key: "ana@acme.example" };
    const ana = owned("member", "m1", member);
    const team = owned("team", "t1", { name: "release", parent: null });
    const inTeam = owned("team_member", "tm1", { team: "t1", member: "m1", role: "member" });
    const git = [
      declared("member", member.key, member),
      declared("team", "release", { name: "release", parent: null }),
      declared("team_member", "release:ana@acme.example", {
        team: "release",
        member: member.key,
        role: "member",
      }),
    ];
    const made = changes({ git, rows: [ana], writes: [wrote(inTeam, null), wrote(team, null)] });
    expect(made).toMatchObject([
      { action: "create", kind: "team", id: "t1", drift: psql },
      { action: "create", kind: "team_member", id: "tm1", drift: psql },
    ]);
    expect(made.flatMap(driftTexts)).toEqual([
      "drift: deleted by psql/postgres on 2026-11-20 14:02; will be put back",
      "drift: ana@acme.example deleted by psql/postgres on 2026-11-20 14:02; will be put back",
    ]);
  });

  test("that was not the manifests' is new when it is declared after it went", () => {
    const theirs = foreign("role", "r1", auditor);
    expect(changes({ rows: [], writes: [wrote(theirs, null)] })).toMatchObject([
      { action: "create", id: "new-1", drift: null },
    ]);
  });

  test("that somebody made is removed where the section is authoritative, and says who made it", () => {
    const theirs = foreign("role", "r9", { name: "backdoor" });
    const one = { rows: [row, theirs], writes: [wrote(null, theirs)] };
    expect(changes(one)).toEqual([]);
    const [change] = changes({ ...one, authoritative: true });
    expect(change).toMatchObject({ action: "delete", id: "r9", drift: psql });
    expect(change && driftTexts(change)).toEqual([
      "drift: made by psql/postgres on 2026-11-20 14:02; will be removed",
    ]);
  });

  test("that was there at the last apply is removed without drift", () => {
    const theirs = foreign("role", "r9", { name: "backdoor" });
    const now = edited(theirs, { description: "x" });
    expect(changes({ rows: [row, now], writes: [wrote(theirs, now)], authoritative: true })).toMatchObject([
      { action: "delete", drift: null },
    ]);
  });

  test("that somebody put in the place of another is adopted, and what differs is drift", () => {
    const theirs = foreign("role", "r9", { ...auditor, description: "Peeks" });
    expect(changes({ rows: [theirs], writes: [wrote(row, null), wrote(null, theirs)] })).toMatchObject([
      {
        action: "update",
        id: "r9",
        managedBefore: null,
        fields: [{ field: "description", drift: { applied: "Looks", by: psql } }],
      },
    ]);
  });

  test("that somebody renamed gets its name back; two that changed places do too", () => {
    const reader = owned("role", "r2", { ...auditor, name: "reader" });
    const git = [
      declared("role", "auditor", auditor),
      declared("role", "reader", { ...auditor, name: "reader" }),
    ];
    const [a, b] = [edited(row, { name: "reader" }), edited(reader, { name: "auditor" })];
    const name = (id: string, before: string, after: string) => ({
      action: "update",
      id,
      fields: [{ field: "name", before, after, drift: { applied: after, by: psql } }],
    });
    const gone = edited(row, { name: "spy" });
    expect(changes({ rows: [gone], writes: [wrote(row, gone)] })).toMatchObject([
      name("r1", "spy", "auditor"),
    ]);
    expect(changes({ git, rows: [a, b], writes: [wrote(row, a), wrote(reader, b)] })).toMatchObject([
      name("r1", "reader", "auditor"),
      name("r2", "auditor", "reader"),
    ]);
  });

  test("that somebody renamed keeps the name that Git now gives it too", () => {
    const git = [declared("role", "spy", { ...auditor, name: "spy" })];
    const now = edited(row, { name: "spy" });
    expect(changes({ git, rows: [now], writes: [wrote(row, now)] })).toEqual([]);
  });
});

describe("the ledger", () => {
  test("is put back where somebody took a row off it, or said that it came to be otherwise", () => {
    const now: ActualRow = { ...row, managed: null, origin: "api" };
    const [change] = changes({ rows: [now], writes: [wrote(row, now)] });
    expect(change).toMatchObject({
      action: "update",
      managedBefore: null,
      managed: row.managed,
      fields: [
        { field: "managed", before: null, after: row.managed, drift: { applied: row.managed, by: psql } },
        { field: "origin", before: "api", after: "manifest", drift: { applied: "manifest", by: psql } },
      ],
    });
  });

  test("keeps what Git no longer declares from staying by a hand edit", () => {
    const now: ActualRow = { ...row, managed: null };
    expect(changes({ git: [], rows: [now], writes: [wrote(row, now)] })).toMatchObject([
      { action: "delete", id: "r1" },
    ]);
  });

  test("is taken back from a row that only an apply could have made the manifests'", () => {
    const forged = owned("role", "r9", { name: "backdoor" });
    const one = { rows: [row, forged], writes: [wrote(null, forged)] };
    expect(changes(one)).toMatchObject([
      { action: "update", id: "r9", managedBefore: ["name"], managed: null },
    ]);
    expect(changes({ ...one, authoritative: true })).toMatchObject([
      { action: "delete", id: "r9", drift: psql },
    ]);
  });

  test("decides whom authoritative judges, whatever somebody wrote as origin since", () => {
    const theirs = foreign("role", "r9", { name: "backdoor" });
    const now: ActualRow = { ...theirs, origin: "invitation" };
    expect(changes({ rows: [row, now], writes: [wrote(theirs, now)], authoritative: true })).toMatchObject([
      { action: "delete", id: "r9" },
    ]);
  });
});

test("a plan version that is in use may be put back, and not changed", () => {
  const version = { plan: "team", version: 1, trial_days: 14 };
  const stored = owned("plan_version", "v1", { ...version, plan: "p1" });
  const now = edited(stored, { trial_days: 90 });
  const findings = (trial_days: number) =>
    planOf({
      desired: {
        catalog: desiredScope(null, [
          declared("plan", "team", { name: "team" }),
          declared("plan_version", "team@1", { ...version, trial_days }),
        ]),
        orgs: [desiredScope("acme", [acme])],
      },
      actual: {
        catalog: since(
          actualScope(null, catalogId, [owned("plan", "p1", { name: "team" }), now]),
          wrote(stored, now),
        ),
        orgs: [actualScope("acme", "o1", [acmeRow, foreign("subscription", "s1", { plan: "v1" })])],
      },
    }).findings.map(({ code }) => code);
  expect(findings(14)).toEqual([]);
  expect(findings(30)).toEqual(["plan-version-in-use"]);
});

test("an org whose slug somebody changed is the same org", () => {
  const now = edited(acmeRow, { slug: "evil" });
  const plan = planOf({
    desired: { orgs: [desiredScope("acme", [acme])] },
    actual: { orgs: [since(actualScope("evil", "o1", [now]), wrote(acmeRow, now))] },
  });
  expect(plan.findings).toEqual([]);
  expect(plan.scopes).toMatchObject([
    { org: "acme", orgId: "o1", changes: [{ fields: [{ field: "slug", before: "evil", after: "acme" }] }] },
  ]);
});
