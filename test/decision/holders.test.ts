import { expect, test } from "vitest";
import { holdersOf, ownersOf } from "../../src/decision/holders.ts";
import type { Resource } from "../../src/model/state.ts";
import { allow, catalog, declare } from "./acme-cloud.ts";

const member = (name: string, more = {}) => declare("member", { key: `${name}@acme.example`, ...more });
const held = (name: string, more = {}) =>
  declare("binding", { member: `${name}@acme.example`, catalog_role: "owner", ...more });
const names = (resources: readonly Resource[], role = "owner") =>
  holdersOf({ resources }, role).map(({ member }) => member.split("@")[0]);

test("whoever holds a role in the whole org, by name, active or not", () => {
  const resources = [
    member("zoe"),
    member("ana"),
    member("bo", { status: "suspended" }),
    member("bot", { type: "service" }),
    ...["zoe", "ana", "bo", "bot"].map((name) => held(name)),
  ];
  expect(holdersOf({ resources }, "owner")).toEqual([
    { member: "ana@acme.example", isActive: true, canSignIn: true },
    { member: "bo@acme.example", isActive: false, canSignIn: false },
    { member: "bot@acme.example", isActive: true, canSignIn: false },
    { member: "zoe@acme.example", isActive: true, canSignIn: true },
  ]);
});

test("a role held in a place, another role, and a holder who is no member do not count", () => {
  const resources = [
    member("ana"),
    held("ana", { workspace: "web" }),
    held("ana", { environment: "web/live" }),
    held("ana", { resource: "document/spec" }),
    held("ana", { catalog_role: "admin" }),
    held("gone"),
  ];
  expect(names(resources)).toEqual([]);
  expect(names(resources, "admin")).toEqual(["ana"]);
});

test("members of a team hold what it holds, and those of teams below it", () => {
  const teamMember = (team: string, name: string) =>
    declare("team_member", { team, member: `${name}@acme.example` });
  const resources = [
    member("ana"),
    member("bo"),
    member("cy"),
    declare("team", { name: "staff" }),
    declare("team", { name: "board", parent: "staff" }),
    declare("team", { name: "guests" }),
    teamMember("staff", "ana"),
    teamMember("board", "bo"),
    teamMember("guests", "cy"),
    declare("binding", { team: "staff", catalog_role: "owner" }),
  ];
  expect(names(resources)).toEqual(["ana", "bo"]);
});

test("the roles that the catalog or the org demands, with their holders", () => {
  const resources = [
    member("ana"),
    member("bo"),
    held("ana"),
    declare("role", { name: "auditor", grants: [allow("org:read")], at_least: 2 }),
    declare("role", { name: "reviewer", grants: [allow("org:read")] }),
    declare("binding", { member: "bo@acme.example", role: "auditor" }),
  ];
  const holder = (name: string) => ({ member: `${name}@acme.example`, isActive: true, canSignIn: true });
  expect(ownersOf(catalog, { resources })).toEqual([
    { role: "auditor", atLeast: 2, holders: [holder("bo")] },
    { role: "owner", atLeast: 1, holders: [holder("ana")] },
  ]);
});
