import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decidePermission } from "../../src/decision/decide-permission.ts";
import { explainPermission } from "../../src/decision/explain-permission.ts";
import { ask, declare, orgRow } from "./acme-cloud.ts";
import { askedAnywhere } from "./asked-anywhere.ts";

const ana = "ana@acme.example";
const rows = [
  declare("workspace", { slug: "web" }),
  declare("member", { key: ana, email: ana }),
  declare("team", { name: "ops" }),
  declare("team_member", { team: "ops", member: ana }),
  declare("binding", { member: ana, catalog_role: "owner" }),
  declare("binding", { team: "ops", catalog_role: "editor", workspace: "web" }),
];

describe("an explanation", () => {
  test("says every role that counts, each of its clauses, and what its condition was judged by", () => {
    const question = ask(rows, {
      member: ana,
      workspace: "web",
      resource: { type: "document", id: null, attributes: { status: "live" } },
    });
    expect(explainPermission(question, "document:delete")).toEqual({
      decision: {
        kind: "permission",
        isAllowed: false,
        reason: "denied",
        decidedBy: "catalog/role/editor#grants/2",
        through: "acme/binding/team ops:editor@web",
      },
      checks: [
        { check: "permission", isPassed: true, found: null },
        { check: "org-status", isPassed: true, found: "active" },
        { check: "member", isPassed: true, found: ana },
        { check: "member-status", isPassed: true, found: "active" },
        { check: "mfa", isPassed: true, found: false },
        { check: "place", isPassed: true, found: "web" },
      ],
      roles: [
        {
          role: "owner",
          through: "acme/binding/ana@acme.example:owner",
          team: null,
          heldIn: "org",
          clauses: [
            {
              address: "catalog/role/owner#grants/0",
              effect: "allow",
              condition: null,
              truth: "true",
              attributes: [],
            },
          ],
        },
        {
          role: "editor",
          through: "acme/binding/team ops:editor@web",
          team: "ops",
          heldIn: "workspace",
          clauses: [
            {
              address: "catalog/role/editor#grants/2",
              effect: "deny",
              condition: { attribute: "resource.status", op: "in", value: ["live"] },
              truth: "true",
              attributes: [{ name: "resource.status", value: "live" }],
            },
          ],
        },
      ],
    });
  });

  test("says which attribute was missing", () => {
    const { decision, roles } = explainPermission(
      ask(rows.slice(0, 4).concat(rows[5] ?? []), { member: ana, workspace: "web" }),
      "document:write",
    );
    expect(decision.reason).toBe("undetermined");
    expect(roles[0]?.clauses).toMatchObject([
      { truth: "unknown", attributes: [{ name: "resource.status", value: null }] },
    ]);
  });

  test.each([
    ["no:permission", rows, {}, "permission"],
    ["org:read", [orgRow({ status: "suspended" }), ...rows], {}, "org-status"],
    ["org:read", rows, { member: "bo@acme.example" }, "member"],
    ["org:read", [declare("member", { key: ana, status: "suspended" })], {}, "member-status"],
    ["org:read", [declare("security", { require_mfa: true }), ...rows], {}, "mfa"],
    ["org:read", rows, { workspace: "api" }, "place"],
  ])("%s ends with the check that fails: %#", (permission, resources, said, check) => {
    const explained = explainPermission(ask(resources, { member: ana, ...said }), permission);
    expect(explained.checks.at(-1)).toMatchObject({ check, isPassed: false });
    expect(explained.checks.filter(({ isPassed }) => !isPassed)).toHaveLength(1);
    expect(explained.roles).toEqual([]);
  });
});

test("an explanation amounts to the decision, in any estate", () => {
  const permission = fc.constantFrom(
    "org:read",
    "org:update",
    "document:read",
    "document:delete",
    "deployment:run",
  );
  const seen = new Map<string, number>();
  fc.assert(
    fc.property(askedAnywhere, permission, (question, asked) => {
      const { decision, checks, roles } = explainPermission(question, asked);
      expect(decision).toEqual(decidePermission(question, asked));
      seen.set(decision.reason, (seen.get(decision.reason) ?? 0) + 1);
      const clauses = roles.flatMap(({ through, clauses }) =>
        clauses.map((clause) => ({ through, ...clause })),
      );
      const allows = clauses.filter(({ effect, truth }) => effect === "allow" && truth === "true");
      const denies = clauses.filter(({ effect, truth }) => effect === "deny" && truth !== "false");
      const withheld = clauses.filter(({ effect, truth }) => effect === "allow" && truth === "unknown");
      const isStopped = checks.some(({ isPassed }) => !isPassed);
      const by = isStopped ? [] : denies.length > 0 ? denies : allows.length > 0 ? allows : withheld;
      const reason =
        by === denies ? "denied" : by === allows ? "granted" : by.length > 0 ? "undetermined" : "not-granted";
      if (isStopped) expect([decision.isAllowed, roles]).toEqual([false, []]);
      else if (decision.reason !== "place-needed")
        expect(decision.reason).toBe(by.length > 0 ? reason : "not-granted");
      if (!isStopped && decision.decidedBy !== null) {
        const { decidedBy, through } = decision;
        expect(by.map(({ address, through }) => [address, through])).toContainEqual([decidedBy, through]);
      }
    }),
    { numRuns: 1000, seed: 1 },
  );
  for (const reason of [
    "granted",
    "denied",
    "undetermined",
    "not-granted",
    "place-needed",
    "member-suspended",
  ])
    expect(seen.get(reason), reason).toBeGreaterThan(0);
}, 60_000);
