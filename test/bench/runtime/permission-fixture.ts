import { randomFrom } from "../random.ts";
import {
  actions,
  type Right,
  type RoleName,
  resourceTypes,
  rightsByRole,
  roleAt,
  roleNames,
} from "./rights.ts";

export interface Membership {
  readonly org: string;
  readonly user: string;
  readonly role: RoleName;
}

export interface PermissionRequest {
  readonly org: string;
  readonly user: string;
  readonly resource: string;
  readonly action: string;
  /** Both of them, as this product and its callers write it: `document:read`. */
  readonly permission: string;
}

/** What every library is asked, and what it has to answer. */
export interface PermissionFixture {
  readonly orgs: readonly string[];
  readonly memberships: readonly Membership[];
  readonly rightsByRole: Readonly<Record<RoleName, readonly Right[]>>;
  readonly requests: readonly PermissionRequest[];
  /** Whether each request is allowed. */
  readonly expected: readonly boolean[];
}

export interface PermissionSize {
  readonly orgs: number;
  readonly members: number;
  readonly requests: number;
}

/** As many requests as touch nearly every member, so that no processor's cache holds them all. */
export const usualPermissions: PermissionSize = { orgs: 1_000, members: 20, requests: 65_536 };

export const orgSlug = (org: number) => flat(`org-${String(org).padStart(6, "0")}`);
export const userId = (org: number, member: number) =>
  flat(`usr_${String(org).padStart(6, "0")}_${String(member).padStart(2, "0")}`);

/** Random requests, a tenth of them by a member of another org, which have to be denied. The same every time. */
export function permissionFixture(size: PermissionSize): PermissionFixture {
  const { orgs, members } = size;
  const memberships = Array.from({ length: orgs * members }, (_, index) => {
    const org = Math.floor(index / members);
    return { org: orgSlug(org), user: userId(org, index % members), role: roleAt(index % members) };
  });
  const slugs = Array.from({ length: orgs }, (_, org) => orgSlug(org));
  return { orgs: slugs, memberships, rightsByRole, ...randomRequests(size) };
}

/** Made one after the other, without anything between them: they lie together, and asking is not waiting for memory. */
function randomRequests({ orgs, members, requests: count }: PermissionSize) {
  const random = randomFrom(42);
  const requests: PermissionRequest[] = [];
  const expected: boolean[] = [];
  for (let index = 0; index < count; index++) {
    const org = random.between(0, orgs - 1);
    const member = random.between(0, members - 1);
    const isForeign = random.chance(0.1);
    const home = isForeign ? (org + random.between(1, orgs - 1)) % orgs : org;
    const asked = permissions[random.between(0, permissions.length - 1)] as PermissionAsked;
    const { resource, action, name, roles } = asked;
    requests.push({ org: orgSlug(org), user: userId(home, member), resource, action, permission: name });
    expected.push(!isForeign && roles.has(roleAt(member)));
  }
  return { requests, expected };
}

const permissions: readonly PermissionAsked[] = resourceTypes.flatMap((resource) =>
  actions.map((action) => ({
    resource,
    action,
    name: flat(`${resource}:${action}`),
    roles: new Set(
      roleNames.filter((role) => rightsByRole[role].some(([on, to]) => on === resource && to === action)),
    ),
  })),
);

interface PermissionAsked {
  readonly resource: string;
  readonly action: string;
  readonly name: string;
  /** Those that may. */
  readonly roles: ReadonlySet<RoleName>;
}

/**
 * A string of its own in one piece, as what was read or received is: what was put together stays in pieces, and every
 * look-up in a Map pays for it.
 */
export function flat(text: string): string {
  return Buffer.from(text).toString("latin1");
}
