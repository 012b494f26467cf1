import { compileCatalog } from "../../../src/decision/compile-catalog.ts";
import { compileOrg } from "../../../src/decision/compile-org.ts";
import { decidePermission } from "../../../src/decision/decide-permission.ts";
import { questionOf } from "../../../src/decision/question.ts";
import type { OrgSnapshot } from "../../../src/decision/snapshot.ts";
import type { Resource } from "../../../src/model/state.ts";
import type { Prepare } from "./measured-case.ts";
import { declared, measuredCatalogResources } from "./measured-catalog.ts";
import type { PermissionFixture, PermissionRequest } from "./permission-fixture.ts";

/** Bare look-ups and this product's, each from a request to a yes or no. */
export const permissionCases = {
  /** The limit: what a program does that knows nothing but four levels of names. */
  nestedMap({ requests, ...fixture }) {
    const orgs = nestedMaps(fixture);
    return (index) => {
      const { org, user, resource, action } = requests[index] as PermissionRequest;
      return orgs.get(org)?.get(user)?.get(resource)?.has(action) === true;
    };
  },

  /** The same behind a question and an answer of this product's shapes, both of them made anew. */
  nestedMapAnswered({ requests, ...fixture }) {
    const orgs = nestedMaps(fixture);
    const decide = (
      { org, member }: { org: string; member: string },
      { resource, action }: PermissionRequest,
    ) => {
      const isAllowed = orgs.get(org)?.get(member)?.get(resource)?.has(action) === true;
      const reason = isAllowed ? "granted" : "not-granted";
      return { kind: "permission", isAllowed, reason, decidedBy: null, through: null };
    };
    return (index) => {
      const request = requests[index] as PermissionRequest;
      const unsaid = { workspace: null, environment: null, resource: null, subject: null, request: null };
      return decide({ org: request.org, now: 0, member: request.user, ...unsaid } as never, request)
        .isAllowed;
    };
  },

  /** The whole way: the org by its slug, a question, a decision with its reason and who decided. */
  tenantry({ requests, ...fixture }) {
    const orgs = compiledOrgs(fixture);
    const now = Date.now();
    return (index) => {
      const { org: slug, user, permission } = requests[index] as PermissionRequest;
      const org = orgs.get(slug);
      return (
        org !== undefined && decidePermission(questionOf({ org, now, member: user }), permission).isAllowed
      );
    };
  },

  /** The same by an app that has the org in its hands already. */
  tenantryAtHand({ requests, ...fixture }) {
    const orgs = compiledOrgs(fixture);
    const now = Date.now();
    const asked = requests.map(({ org }) => orgs.get(org) as OrgSnapshot);
    return (index) => {
      const { user, permission } = requests[index] as PermissionRequest;
      const question = questionOf({ org: asked[index] as OrgSnapshot, now, member: user });
      return decidePermission(question, permission).isAllowed;
    };
  },
} as const satisfies Record<string, Prepare<PermissionFixture>>;

type Estate = Omit<PermissionFixture, "requests">;
type NestedMaps = Map<string, Map<string, Map<string, Set<string>>>>;

function nestedMaps({ memberships, rightsByRole }: Estate): NestedMaps {
  const roles = new Map(
    Object.entries(rightsByRole).map(([role, rights]) => {
      const byResource = new Map<string, Set<string>>();
      for (const [resource, action] of rights)
        byResource.set(resource, (byResource.get(resource) ?? new Set()).add(action));
      return [role, byResource];
    }),
  );
  const orgs: NestedMaps = new Map();
  for (const { org, user, role } of memberships) {
    const members = orgs.get(org) ?? new Map();
    orgs.set(org, members.set(user, roles.get(role)));
  }
  return orgs;
}

function compiledOrgs({ memberships }: Estate): ReadonlyMap<string, OrgSnapshot> {
  const catalog = compileCatalog(measuredCatalogResources());
  const bySlug = new Map<string, Resource[]>();
  for (const { org, user, role } of memberships) {
    const resources = bySlug.get(org) ?? [declared("org", { slug: org })];
    bySlug.set(org, resources);
    resources.push(declared("member", { key: user, user_id: user }));
    resources.push(declared("binding", { member: user, catalog_role: role }));
  }
  return new Map(
    [...bySlug].map(([slug, resources]) => [slug, compileOrg(catalog, { id: slug, slug, resources })]),
  );
}
