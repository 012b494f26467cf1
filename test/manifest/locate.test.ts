import { describe, expect, it } from "vitest";
import { locate } from "../../src/manifest/locate.ts";
import type { Path } from "../../src/model/state.ts";

const text = `apiVersion: tenantry/v1   # the language
org: acme
members:
  ana@acme.example: owner
  Bo@Acme.example: [admin, auditor]
  "cy@acme.example": { workspaces: { web: editor } } # external
teams:
  release:
    members: [bo@acme.example, cy@acme.example]
roles:
  editor:
    grants:
      - document:read
      - { allow: document:write, if: { resource.status: [draft, live] } }
      - deny: document:delete
        if: { resource.status: live }   # never

plans:
  team: { versions: { 1: { price: 1.10 } } }
description: |
  two
  lines

banner:
`;
const file = { path: "tenants/orgs/acme.yaml", text };
const found = (path: Path, what: "key" | "value") => {
  const { start, end } = locate(file, path, what);
  return text.slice(start, end);
};

describe("locate", () => {
  it.each<[Path, string, string]>([
    [["org"], "org", "acme"],
    [["apiVersion"], "apiVersion", "tenantry/v1"],
    [["members", "ana@acme.example"], "ana@acme.example", "owner"],
    [["members", "cy@acme.example"], '"cy@acme.example"', "{ workspaces: { web: editor } }"],
    [["members", "cy@acme.example", "workspaces", "web"], "web", "editor"],
    [["roles", "editor", "grants", 1, "if", "resource.status", 1], "live", "live"],
    [
      ["roles", "editor", "grants", 2],
      "deny: document:delete\n        if: { resource.status: live }",
      "deny: document:delete\n        if: { resource.status: live }",
    ],
    [["plans", "team", "versions", "1", "price"], "price", "1.10"],
    [["plans", "team", "versions", 1], "1", "{ price: 1.10 }"],
    [["description"], "description", "|\n  two\n  lines"],
    [["banner"], "banner", "banner"],
  ])("%j", (path, key, value) => {
    expect(found(path, "key")).toBe(key);
    expect(found(path, "value")).toBe(value);
  });

  describe("steps that a short form leaves out are skipped", () => {
    it.each<[Path, string]>([
      [["members", "ana@acme.example", "roles"], "owner"],
      [["members", "ana@acme.example", "roles", 0], "owner"],
      [["members", "Bo@Acme.example", "roles", 1], "auditor"],
      [["members", "cy@acme.example", "workspaces", "web", "roles", 0], "editor"],
      [["teams", "release", "members", "cy@acme.example"], "cy@acme.example"],
      [["roles", "editor", "grants", 0, "allow"], "document:read"],
    ])("%j", (path, value) => {
      expect(found(path, "value")).toBe(value);
    });
  });

  it("finds a name that is kept in lower case", () => {
    expect(found(["members", "bo@acme.example"], "key")).toBe("Bo@Acme.example");
  });

  it("prefers the name as it is written", () => {
    const both = { path: "x.yaml", text: "A: 1\na: 2\n" };
    expect(locate(both, ["a"], "value").start).toBe(8);
    expect(locate(both, ["A"], "value").start).toBe(3);
  });

  it.each<[Path, string]>([
    [["members", "di@acme.example"], "members"],
    [["teams", "release", "environments", "web/live"], "release"],
    [["roles", "editor", "grants", 9], "grants"],
    [["nothing"], "apiVersion: tenantry/v1   # the language"],
    [[], "apiVersion: tenantry/v1   # the language"],
  ])("stays at the last entry on the way: %j", (path, place) => {
    expect(found(path, "value")).toBe(place);
    expect(found(path, "key")).toBe(place);
  });

  it.each(["", "# nothing\n", "a: [1", "[".repeat(1_000)])("takes a file without a tree: %#", (broken) => {
    const { start, end } = locate({ path: "x.yaml", text: broken }, ["a", 0, "b"], "value");
    expect(start).toBeGreaterThanOrEqual(0);
    expect(end).toBeLessThanOrEqual(broken.length);
  });

  it("gives the same after many other files", () => {
    const before = locate(file, ["org"], "value");
    for (let index = 0; index < 20; index++) locate({ path: `${index}.yaml`, text: "a: 1\n" }, ["a"], "key");
    expect(locate(file, ["org"], "value")).toEqual(before);
  });
});
