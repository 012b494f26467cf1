import { setFlagsFromString } from "node:v8";
import {
  type EntityJson,
  preparsePolicySet,
  statefulIsAuthorized,
  type TypeAndId,
} from "@cedar-policy/cedar-wasm/nodejs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { decidePermission } from "../../src/decision/decide-permission.ts";
import {
  askedOf,
  conditionalModel,
  environments,
  type ModelBinding,
  type ModelGrant,
  type ModelRequest,
  type ModelRole,
  permissions,
  type RoleModel,
  request,
  workspaces,
} from "./random-role-model.ts";

// Node 20 aborts when a full collection meets calls into wasm that were inlined.
setFlagsFromString("--no-turbo-inline-js-wasm-calls");

/*
 * Roles are groups of principals, one for each place where they are held; places and wildcards are parents of
 * resources and of actions. Where the two languages differ: a Cedar policy that asks about an attribute which is
 * missing is skipped, also one that forbids. Here what is unknown never allows and always denies, so the policies
 * below say with `has` what follows from a missing attribute.
 */
function policiesOf({ roles, bindings, requiresMfa }: RoleModel): string {
  const held = bindings.flatMap(({ role, place }) =>
    ancestry(role, roles).map((each) => ({ role: each, place, by: role })),
  );
  const policies = new Set(
    held.flatMap(({ role, place, by }) =>
      role.grants.map((grant) => {
        const isAcross = roles.find(({ name }) => name === by)?.isAcross === true;
        const effect = grant.effect === "allow" ? "permit" : "forbid";
        const scope = `principal in Role::"${heldAs({ role: by, place })}", action in Action::"${grant.pattern}"`;
        return `${effect}(${scope}, ${resourcesIn(place, isAcross)})${conditionOf(grant)};`;
      }),
    ),
  );
  return [
    ...policies,
    'forbid(principal, action, resource) when { principal has status && principal.status == "suspended" };',
    ...(requiresMfa
      ? ["forbid(principal, action, resource) unless { context has mfa && context.mfa == true };"]
      : []),
  ].join("\n");
}

/** The role and all that it inherits from. */
function ancestry(name: string, roles: readonly ModelRole[]): readonly ModelRole[] {
  const role = roles.find((each) => each.name === name);
  return role ? [role, ...role.inherits.flatMap((parent) => ancestry(parent, roles))] : [];
}

function heldAs({ role, place }: Pick<ModelBinding, "role" | "place">): string {
  return `${role}@${place.environment ?? place.workspace ?? ""}`;
}

function resourcesIn({ workspace, environment }: ModelBinding["place"], isAcross: boolean): string {
  if (environment !== undefined) return `resource in Environment::"${environment}"`;
  if (workspace !== undefined) return `resource in Workspace::"${workspace}"`;
  return isAcross ? 'resource in Org::"acme"' : 'resource == Org::"acme"';
}

function conditionOf({ effect, status }: ModelGrant): string {
  if (status === null) return "";
  const isAmong = `${JSON.stringify(status.among)}.contains(resource.status)`;
  const holds = status.isNot ? `!${isAmong}` : isAmong;
  return effect === "allow"
    ? ` when { resource has status && ${holds} }`
    : ` when { !(resource has status) || ${holds} }`;
}

const entity = (type: string, id: string): TypeAndId => ({ type, id });
const org = entity("Org", "acme");

function entitiesOf({ teams, members, bindings }: RoleModel): EntityJson[] {
  const rolesOf = (holder: ModelBinding["holder"]) =>
    bindings
      .filter((each) => JSON.stringify(each.holder) === JSON.stringify(holder))
      .map((each) => entity("Role", heldAs(each)));
  return [
    ...permissions.map(({ key }) => {
      const [type, action] = key.split(":");
      const wildcards = [`${type}:*`, `*:${action}`, "*:*"].map((id) => entity("Action", id));
      return { uid: entity("Action", key), attrs: {}, parents: wildcards };
    }),
    ...workspaces.map((id) => ({ uid: entity("Workspace", id), attrs: {}, parents: [org] })),
    ...environments.map((id) => {
      const [workspace = ""] = id.split("/");
      return { uid: entity("Environment", id), attrs: {}, parents: [entity("Workspace", workspace)] };
    }),
    ...teams.map(({ name, parent }) => ({
      uid: entity("Team", name),
      attrs: {},
      parents: [...rolesOf({ team: name }), ...(parent === null ? [] : [entity("Team", parent)])],
    })),
    ...members.map(({ name, isSuspended, teams: joined }) => ({
      uid: entity("User", name),
      attrs: { status: isSuspended ? "suspended" : "active" },
      parents: [...rolesOf({ member: name }), ...joined.map((team) => entity("Team", team))],
    })),
  ];
}

/** A document stands in a workspace; deployments and the org are asked of where they are. */
function resourceOf({ scope, workspace, environment, status }: ModelRequest): EntityJson | TypeAndId {
  if (scope === "org") return org;
  if (scope === "environment") return entity("Environment", environment ?? "");
  const attrs: EntityJson["attrs"] = status === null ? {} : { status };
  return { uid: entity("Document", "asked"), attrs, parents: [entity("Workspace", workspace ?? "")] };
}

function isAllowedByCedar(entities: readonly EntityJson[], asked: ModelRequest): boolean {
  const resource = resourceOf(asked);
  const answer = statefulIsAuthorized({
    principal: entity("User", asked.member),
    action: entity("Action", asked.permission),
    resource: "uid" in resource ? entity("Document", "asked") : resource,
    context: { mfa: asked.hasMfa },
    preparsedPolicySetId: "model",
    entities: "uid" in resource ? [...entities, resource] : [...entities],
  });
  if (answer.type !== "success" || answer.response.diagnostics.errors.length > 0)
    throw new Error(JSON.stringify(answer));
  return answer.response.decision === "allow";
}

test("10,000 random questions are answered as Cedar answers them", () => {
  const requests = fc.array(request, { minLength: 50, maxLength: 50 });
  const counted = { models: 0, allowed: 0, denied: 0, undetermined: 0, "not granted": 0, mfa: 0, others: 0 };
  fc.assert(
    fc.property(conditionalModel, requests, (given, asked) => {
      const parsed = preparsePolicySet("model", { staticPolicies: policiesOf(given) });
      if (parsed.type !== "success") throw new Error(JSON.stringify(parsed));
      const [entities, question] = [entitiesOf(given), askedOf(given)];
      counted.models += 1;
      for (const each of asked) {
        const { isAllowed, reason } = decidePermission(question(each), each.permission);
        expect([each, isAllowed]).toEqual([each, isAllowedByCedar(entities, each)]);
        if (isAllowed) counted.allowed += 1;
        else if (reason === "denied") counted.denied += 1;
        else if (reason === "undetermined") counted.undetermined += 1;
        else if (reason === "not-granted") counted["not granted"] += 1;
        else if (reason === "mfa-required") counted.mfa += 1;
        else counted.others += 1;
      }
    }),
    { numRuns: 200 },
  );
  console.log("against Cedar:", JSON.stringify(counted));
  expect(counted.models).toBeGreaterThanOrEqual(200);
  for (const count of [
    counted.allowed,
    counted.denied,
    counted.undetermined,
    counted["not granted"],
    counted.mfa,
  ])
    expect(count).toBeGreaterThan(50);
}, 180_000);
