import { newEnforcer, newModelFromString } from "casbin";
import fc from "fast-check";
import { expect, test } from "vitest";
import { decidePermission } from "../../src/decision/decide-permission.ts";
import {
  askedOf,
  environments,
  type ModelPlace,
  type ModelRequest,
  type RoleModel,
  request,
  unconditionalModel,
  workspaces,
} from "./random-role-model.ts";

/*
 * RBAC with domains and deny-override, as casbin has them. A domain is a place where roles are held; a request names
 * the domains that count for it. casbin has no conditions on attributes and no second factor of its own: those are
 * tried against Cedar. What asks of no place although its permission needs one has no counterpart either.
 */
const rbacWithDomains = `
[request_definition]
r = sub, org, ws, env, obj, act
[policy_definition]
p = sub, obj, act, eft
[role_definition]
g = _, _, _
[policy_effect]
e = some(where (p.eft == allow)) && !some(where (p.eft == deny))
[matchers]
m = (g(r.sub, p.sub, r.org) || g(r.sub, p.sub, r.ws) || g(r.sub, p.sub, r.env)) && keyMatch(r.obj, p.obj) && keyMatch(r.act, p.act)
`;

const domains = ["org", "across", ...workspaces, ...environments];

async function enforcerOf({ roles, teams, members, bindings }: RoleModel) {
  const enforcer = await newEnforcer(newModelFromString(rbacWithDomains));
  enforcer.enableAutoSave(false);
  await enforcer.addPolicies(
    distinct([
      ...roles.flatMap(({ name, grants }) =>
        grants.map(({ effect, pattern }) => [`role:${name}`, ...pattern.split(":"), effect]),
      ),
      // Nobody has this role unless it is given; casbin wants at least one policy of each effect to say no by.
      ["role:suspended", "*", "*", "deny"],
    ]),
  );
  const everywhere = (below: string, above: string) => domains.map((domain) => [below, above, domain]);
  const isAcross = new Map(roles.map((role) => [role.name, role.isAcross]));
  await enforcer.addGroupingPolicies(
    distinct([
      ...roles.flatMap(({ name, inherits }) =>
        inherits.flatMap((parent) => everywhere(`role:${name}`, `role:${parent}`)),
      ),
      ...teams.flatMap(({ name, parent }) =>
        parent === null ? [] : everywhere(`team:${name}`, `team:${parent}`),
      ),
      ...members.flatMap(({ name, isSuspended, teams: joined }) => [
        ...joined.flatMap((team) => everywhere(name, `team:${team}`)),
        ...(isSuspended ? everywhere(name, "role:suspended") : []),
      ]),
      ...bindings.flatMap(({ holder, role, place }) => {
        const held = "member" in holder ? holder.member : `team:${holder.team}`;
        return domainsOf(place, isAcross.get(role) === true).map((domain) => [held, `role:${role}`, domain]);
      }),
    ]),
  );
  return enforcer;
}

/** What is held at org level counts below only where the role reaches across. */
function domainsOf({ workspace, environment }: ModelPlace, isAcross: boolean): readonly string[] {
  if (environment !== undefined) return [environment];
  if (workspace !== undefined) return [workspace];
  return isAcross ? ["org", "across"] : ["org"];
}

function requestOf({ member, permission, scope, workspace, environment }: ModelRequest): readonly string[] {
  const places = scope === "org" ? ["org", "", ""] : ["across", workspace ?? "", environment ?? ""];
  return [member, ...places, ...permission.split(":")];
}

function distinct(rules: readonly (readonly string[])[]): string[][] {
  return [...new Map(rules.map((rule) => [rule.join("\n"), [...rule]])).values()];
}

test("10,000 random questions are answered as casbin answers them", async () => {
  const requests = fc.array(request, { minLength: 50, maxLength: 50 });
  const model = unconditionalModel.map((given) => ({ ...given, requiresMfa: false }));
  const counted = { models: 0, allowed: 0, denied: 0, "not granted": 0, suspended: 0, others: 0 };
  await fc.assert(
    fc.asyncProperty(model, requests, async (given, asked) => {
      const [enforcer, question] = [await enforcerOf(given), askedOf(given)];
      counted.models += 1;
      for (const each of asked) {
        const { isAllowed, reason } = decidePermission(question(each), each.permission);
        expect([each, isAllowed]).toEqual([each, enforcer.enforceSync(...requestOf(each))]);
        if (isAllowed) counted.allowed += 1;
        else if (reason === "denied") counted.denied += 1;
        else if (reason === "not-granted") counted["not granted"] += 1;
        else if (reason === "member-suspended") counted.suspended += 1;
        else counted.others += 1;
      }
    }),
    { numRuns: 200 },
  );
  console.log("against casbin:", JSON.stringify(counted));
  expect(counted.models).toBeGreaterThanOrEqual(200);
  for (const count of [counted.allowed, counted.denied, counted["not granted"], counted.suspended])
    expect(count).toBeGreaterThan(200);
}, 180_000);
