import fc from "fast-check";
import { compileCatalog } from "../../src/decision/compile-catalog.ts";
import { compileOrg } from "../../src/decision/compile-org.ts";
import { type Question, questionOf } from "../../src/decision/question.ts";
import type { Condition } from "../../src/model/condition.ts";
import type { FieldsOf } from "../../src/model/field.ts";
import type { PermissionScope } from "../../src/model/grant.ts";
import { declare, now } from "./acme-cloud.ts";

/** Who may do what in one org, in the terms that every access control has. */
export interface RoleModel {
  readonly roles: readonly ModelRole[];
  readonly teams: readonly { readonly name: string; readonly parent: string | null }[];
  readonly members: readonly ModelMember[];
  readonly bindings: readonly ModelBinding[];
  readonly requiresMfa: boolean;
}

export interface ModelRole {
  readonly name: string;
  readonly inherits: readonly string[];
  readonly isAcross: boolean;
  readonly grants: readonly ModelGrant[];
}

export interface ModelGrant {
  readonly effect: "allow" | "deny";
  /** `members:*`, `*:read`, `*:*`. */
  readonly pattern: string;
  /** Whether the status of the resource must be, or must not be, among some; null: always. */
  readonly status: { readonly among: readonly string[]; readonly isNot: boolean } | null;
}

export interface ModelMember {
  readonly name: string;
  readonly isSuspended: boolean;
  readonly teams: readonly string[];
}

export interface ModelBinding {
  readonly holder: { readonly member: string } | { readonly team: string };
  readonly role: string;
  readonly place: ModelPlace;
}

/** The whole org where neither is given. */
export type ModelPlace = { readonly workspace?: string; readonly environment?: string };

export interface ModelRequest {
  readonly member: string;
  readonly permission: string;
  readonly scope: PermissionScope;
  /** Both are given as far as the permission's scope needs them. */
  readonly workspace: string | null;
  readonly environment: string | null;
  /** The status of the document that is asked about; null: nobody says. */
  readonly status: string | null;
  readonly hasMfa: boolean;
}

export const permissions: readonly { readonly key: string; readonly scope: PermissionScope }[] = [
  ...["org:read", "org:update", "members:read", "members:invite", "members:remove"].map((key) => ({
    key,
    scope: "org" as const,
  })),
  ...["document:read", "document:write", "document:delete"].map((key) => ({
    key,
    scope: "workspace" as const,
  })),
  ...["deployment:read", "deployment:run"].map((key) => ({ key, scope: "environment" as const })),
];
export const workspaces = ["web", "api"] as const;
export const environments = ["web/live", "web/dev", "api/live"] as const;

const patterns = [
  ...permissions.map(({ key }) => key),
  ...["members:*", "document:*", "deployment:*", "*:read", "*:*"],
];
const roleNames = ["viewer", "editor", "guard", "admin", "owner"] as const;
const teamNames = ["all", "part", "crew"] as const;
const memberNames = ["ana@acme.example", "bo@acme.example", "cy@acme.example"] as const;
const statuses = ["draft", "live", "archived"] as const;

const always = fc.constant<ModelGrant["status"]>(null);
const onStatus = fc.record({ among: fc.subarray([...statuses], { minLength: 1 }), isNot: fc.boolean() });

function grant(status: fc.Arbitrary<ModelGrant["status"]>): fc.Arbitrary<ModelGrant> {
  return fc.record({
    effect: fc.constantFrom("allow", "allow", "allow", "allow", "allow", "allow", "deny"),
    pattern: fc.constantFrom(...patterns),
    status,
  });
}

const place: fc.Arbitrary<ModelPlace> = fc.oneof(
  { weight: 3, arbitrary: fc.constant({}) },
  { weight: 2, arbitrary: fc.record({ workspace: fc.constantFrom(...workspaces) }) },
  { weight: 2, arbitrary: fc.record({ environment: fc.constantFrom(...environments) }) },
);

/** A model in which roles inherit from those named before them, and teams are below those named before them. */
function roleModel(status: fc.Arbitrary<ModelGrant["status"]>): fc.Arbitrary<RoleModel> {
  const role = (name: string, at: number): fc.Arbitrary<ModelRole> =>
    fc.record({
      name: fc.constant(name),
      inherits: fc.subarray(roleNames.slice(0, at), { maxLength: Math.min(at, 2) }),
      isAcross: fc.boolean(),
      grants: fc.array(grant(status), { minLength: 1, maxLength: 3 }),
    });
  const team = (name: string, at: number) =>
    fc.record({ name: fc.constant(name), parent: fc.constantFrom(null, ...teamNames.slice(0, at)) });
  const member = (name: string): fc.Arbitrary<ModelMember> =>
    fc.record({
      name: fc.constant(name),
      isSuspended: fc.constantFrom(false, false, false, false, false, false, true),
      teams: fc.subarray([...teamNames], { minLength: 1, maxLength: 2 }),
    });
  const holder = fc.oneof(
    fc.record({ member: fc.constantFrom(...memberNames) }),
    fc.record({ team: fc.constantFrom(...teamNames) }),
  );
  return fc.record({
    roles: fc.tuple(...roleNames.map(role)),
    teams: fc.tuple(...teamNames.map(team)),
    members: fc.tuple(...memberNames.map(member)),
    bindings: fc.array(fc.record({ holder, role: fc.constantFrom(...roleNames), place }), {
      minLength: 5,
      maxLength: 9,
    }),
    requiresMfa: fc.constantFrom(false, false, false, true),
  });
}

export const unconditionalModel = roleModel(always);
export const conditionalModel = roleModel(fc.oneof(always, onStatus));

/** A request that says all of the place that its permission needs; also of somebody who is not a member. */
export const request: fc.Arbitrary<ModelRequest> = fc
  .record({
    member: fc.constantFrom(...memberNames, ...memberNames, ...memberNames, "nobody@acme.example"),
    permission: fc.constantFrom(...permissions),
    workspace: fc.constantFrom(...workspaces),
    environment: fc.constantFrom(...environments),
    status: fc.constantFrom(null, ...statuses),
    hasMfa: fc.boolean(),
  })
  .map(({ permission: { key: permission, scope }, workspace, environment, ...asked }) => {
    const [around = null] = environment.split("/");
    if (scope === "org") return { ...asked, permission, scope, workspace: null, environment: null };
    if (scope === "workspace") return { ...asked, permission, scope, workspace, environment: null };
    return { ...asked, permission, scope, workspace: around, environment };
  });

/** Gives the question that a request asks of a model. */
export function askedOf(model: RoleModel): (request: ModelRequest) => Question {
  const org = compileOrg(catalogOf(model), { id: null, slug: "acme", resources: rowsOf(model) });
  return ({ member, workspace, environment, status, hasMfa }) =>
    questionOf({
      org,
      now,
      member,
      workspace,
      environment,
      resource: { type: "document", id: null, attributes: status === null ? null : { status } },
      request: { mfa: hasMfa },
    });
}

function catalogOf({ roles }: RoleModel) {
  return compileCatalog([
    declare("attribute", { subject: "document", name: "status", type: "text" }),
    ...permissions.map(({ key, scope }) => {
      const [resource_type = "", action = ""] = key.split(":");
      return declare("permission", { resource_type, action, scope });
    }),
    ...roles.map(({ name, inherits, isAcross, grants }) =>
      declare("catalog_role", {
        name,
        inherits,
        across: isAcross ? "workspaces" : null,
        grants: grants.map(({ effect, pattern, status }) => ({
          effect,
          permission: pattern,
          if: conditionOf(status),
        })),
      }),
    ),
  ]);
}

function conditionOf(status: ModelGrant["status"]): Condition | null {
  if (status === null) return null;
  const isAmong = { attribute: "resource.status", op: "in", value: status.among } as const;
  return status.isNot ? { not: isAmong } : isAmong;
}

function rowsOf({ teams, members, bindings, requiresMfa }: RoleModel) {
  const unique = new Map(
    bindings.map(({ holder, role, place }) => {
      const row = declare("binding", { ...holder, catalog_role: role, ...place } as FieldsOf<"binding">);
      return [row.key, row];
    }),
  );
  return [
    ...workspaces.map((slug) => declare("workspace", { slug })),
    ...environments.map((key) => {
      const [workspace = "", slug = ""] = key.split("/");
      return declare("environment", { workspace, slug });
    }),
    ...teams.map((team) => declare("team", team)),
    ...members.flatMap(({ name, isSuspended, teams: joined }) => [
      declare("member", { key: name, email: name, status: isSuspended ? "suspended" : "active" }),
      ...joined.map((team) => declare("team_member", { team, member: name })),
    ]),
    ...unique.values(),
    declare("security", { require_mfa: requiresMfa }),
  ];
}
