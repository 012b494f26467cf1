import { knownResourceOf, memberOf, ownValue, placeFault, type Question, workspaceOf } from "./question.ts";
import type { Reason } from "./reason.ts";
import type {
  HeldRoles,
  KnownResource,
  MemberSnapshot,
  OrgSnapshot,
  PermissionSnapshot,
  SetClause,
} from "./snapshot.ts";

export interface PermissionDecision {
  readonly kind: "permission";
  readonly isAllowed: boolean;
  readonly reason: Reason;
  /** The grant that decided: `catalog/role/editor#grants/1`; the member or org that may do nothing; else null. */
  readonly decidedBy: string | null;
  /** The binding by which its role is held: `acme/binding/ana@acme.example:owner`. */
  readonly through: string | null;
}

/**
 * Whether a member may do something: some role that counts where it is asked allows it, and none denies it.
 * A condition that is unknown never allows and always denies. Whatever is not known is a no, with its reason.
 */
export function decidePermission(question: Question, permission: string): PermissionDecision {
  const { org } = question;
  const known = org.catalog.permissions.get(permission);
  if (!known) return refusal("unknown-permission");
  if (org.status !== "active") return refusal("org-not-active", org.slug);
  const member = memberOf(question);
  if (!member) return refusal("unknown-member");
  if (member.status !== "active") return refusal("member-suspended", member.address);
  if (lacksSecondFactor(member, question)) return refusal("mfa-required", `${org.slug}/security`);
  const resource = knownResourceOf(question);
  const fault = placeFault(question) ?? (resource ? misplaced(question, resource) : null);
  if (fault) return refusal(fault);
  return decideByRoles(question, known, standingOf(question, member, resource));
}

function refusal(
  reason: Reason,
  decidedBy: string | null = null,
  through: string | null = null,
): PermissionDecision {
  return { kind: "permission", isAllowed: false, reason, decidedBy, through };
}

/** An application that signs in for itself has no second factor to show. */
function lacksSecondFactor({ type }: MemberSnapshot, { org, request }: Question): boolean {
  return org.requiresMfa && type !== "service" && ownValue(request, "mfa") !== true;
}

/** A known object is where the estate says, so that rights in one workspace never reach into another. */
function misplaced(question: Question, { workspace, environment }: KnownResource): Reason | null {
  const asked = workspaceOf(question);
  const actual = workspace ?? workspaceOfEnvironment(question.org, environment);
  if (asked !== null && actual !== null && asked !== actual) return "wrong-place";
  const isElsewhere =
    question.environment !== null && environment !== null && question.environment !== environment;
  return isElsewhere ? "wrong-place" : null;
}

function workspaceOfEnvironment(org: OrgSnapshot, environment: string | null): string | null {
  return environment === null ? null : (org.environments.get(environment)?.workspace ?? null);
}

/** Who asks, and where. */
interface Standing {
  readonly member: MemberSnapshot;
  readonly workspace: string | null;
  readonly environment: string | null;
  readonly resource: KnownResource | undefined;
}

function standingOf(
  question: Question,
  member: MemberSnapshot,
  resource: KnownResource | undefined,
): Standing {
  const environment = question.environment ?? resource?.environment ?? null;
  const workspace =
    question.workspace ?? resource?.workspace ?? workspaceOfEnvironment(question.org, environment);
  return { member, workspace, environment, resource };
}

/**
 * Roles held in a place count for the permissions of that place and of places within it; those held at org level
 * for the org's own, and for the others only where the role says so; those held on a resource for its type's.
 */
function decideByRoles(
  question: Question,
  permission: PermissionSnapshot,
  standing: Standing,
): PermissionDecision {
  const { member, workspace, environment, resource } = standing;
  const { scope, type } = permission;
  const judged = (held: HeldRoles | null | undefined) => (held ? judge(held, permission, question) : null);
  let found = judged(scope === "org" ? member.inOrg : member.across);
  if (resource?.type === type) found = stronger(found, judged(member.onResources.get(resource.key)));
  if (scope === "org") return found ?? refusal("not-granted");
  if (workspace !== null) found = stronger(found, judged(member.inWorkspaces.get(workspace)));
  if (scope === "environment" && environment !== null) {
    found = stronger(found, judged(member.inEnvironments.get(environment)));
  }
  if (found?.reason === "denied" || !isPlaceMissing(permission, standing))
    return found ?? refusal("not-granted");
  // What denies it in some workspace might deny it here, wherever here is.
  return found?.isAllowed && !mayBeDenied(permission, standing) ? found : refusal("place-needed");
}

function stronger(a: PermissionDecision | null, b: PermissionDecision | null): PermissionDecision | null {
  if (a === null || b === null) return a ?? b;
  if (a.reason === "denied" || b.reason === "denied") return a.reason === "denied" ? a : b;
  return a.isAllowed ? a : b;
}

/** A denial if there is one, else an allowance, else what an unknown condition withholds; null: nothing said. */
function judge(
  held: HeldRoles,
  { index }: PermissionSnapshot,
  question: Question,
): PermissionDecision | null {
  const verdict = held.set.verdicts[index];
  if (!verdict) return null;
  for (const clause of verdict.deny) {
    if (truthOf(clause, question) !== "false")
      return refusal("denied", clause.address, throughOf(held, clause));
  }
  let withheld: SetClause | null = null;
  for (const clause of verdict.allow) {
    const truth = truthOf(clause, question);
    if (truth === "true") {
      const through = throughOf(held, clause);
      return { kind: "permission", isAllowed: true, reason: "granted", decidedBy: clause.address, through };
    }
    if (truth === "unknown") withheld ??= clause;
  }
  return withheld && refusal("undetermined", withheld.address, throughOf(held, withheld));
}

function throughOf({ through }: HeldRoles, { role }: SetClause): string | null {
  return through[role] ?? null;
}

function truthOf({ test }: SetClause, question: Question) {
  return test === null ? "true" : test(question);
}

function isPlaceMissing({ scope }: PermissionSnapshot, { workspace, environment }: Standing): boolean {
  return workspace === null || (scope === "environment" && environment === null);
}

function mayBeDenied({ scope, index }: PermissionSnapshot, { member, workspace }: Standing): boolean {
  const denies = ({ set }: HeldRoles) => (set.verdicts[index]?.deny.length ?? 0) > 0;
  if (workspace === null && [...member.inWorkspaces.values()].some(denies)) return true;
  const isWithin = (environment: string) => workspace === null || environment.startsWith(`${workspace}/`);
  return (
    scope === "environment" && [...member.inEnvironments].some(([at, held]) => isWithin(at) && denies(held))
  );
}
