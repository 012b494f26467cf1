import { knownResourceOf, memberOf, ownValue, placeFault, type Question, workspaceOf } from "./question.ts";
import type { Reason } from "./reason.ts";
import type {
  Clause,
  HeldRole,
  KnownResource,
  MemberSnapshot,
  OrgSnapshot,
  PermissionSnapshot,
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
  return decideByRoles(question, known, { member, ...placeOf(question, resource), resource });
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

function placeOf(
  question: Question,
  resource: KnownResource | undefined,
): Pick<Standing, "workspace" | "environment"> {
  const environment = question.environment ?? resource?.environment ?? null;
  const workspace =
    workspaceOf(question) ?? resource?.workspace ?? workspaceOfEnvironment(question.org, environment);
  return { workspace, environment };
}

function decideByRoles(
  question: Question,
  permission: PermissionSnapshot,
  standing: Standing,
): PermissionDecision {
  let found: PermissionDecision | null = null;
  for (const held of rolesThatCount(permission, standing)) {
    if (!held) continue;
    const decision = judge(held, permission, question);
    if (decision?.reason === "denied") return decision;
    if (decision && !found?.isAllowed) found = decision;
  }
  if (!isPlaceMissing(permission, standing)) return found ?? refusal("not-granted");
  // What denies it in some workspace might deny it here, wherever here is.
  if (found?.isAllowed && !mayBeDenied(permission, standing)) return found;
  return refusal("place-needed");
}

/**
 * Roles held in a place count for the permissions of that place and of places within it; those held at org level
 * for the org's own, and for the others only where the role says so; those held on a resource for its type's.
 */
function rolesThatCount(
  { scope, type }: PermissionSnapshot,
  { member, workspace, environment, resource }: Standing,
): readonly (readonly HeldRole[] | undefined)[] {
  const onResource = resource?.type === type ? member.onResources.get(resource.key) : undefined;
  if (scope === "org") return [member.inOrg, onResource];
  const inWorkspace = workspace === null ? undefined : member.inWorkspaces.get(workspace);
  if (scope === "workspace") return [member.across, inWorkspace, onResource];
  const inEnvironment = environment === null ? undefined : member.inEnvironments.get(environment);
  return [member.across, inWorkspace, inEnvironment, onResource];
}

/** A denial if there is one, else an allowance, else what an unknown condition withholds; null: nothing said. */
function judge(
  roles: readonly HeldRole[],
  { index }: PermissionSnapshot,
  question: Question,
): PermissionDecision | null {
  let found: PermissionDecision | null = null;
  for (const { role, through } of roles) {
    const verdict = role.verdicts[index];
    if (!verdict) continue;
    const denying = verdict.deny.find((clause) => truthOf(clause, question) !== "false");
    if (denying) return refusal("denied", denying.address, through);
    if (found?.isAllowed) continue;
    for (const clause of verdict.allow) {
      const truth = truthOf(clause, question);
      if (truth === "false") continue;
      if (truth === "true") {
        found = {
          kind: "permission",
          isAllowed: true,
          reason: "granted",
          decidedBy: clause.address,
          through,
        };
        break;
      }
      found ??= refusal("undetermined", clause.address, through);
    }
  }
  return found;
}

function truthOf({ test }: Clause, question: Question) {
  return test === null ? "true" : test(question);
}

function isPlaceMissing({ scope }: PermissionSnapshot, { workspace, environment }: Standing): boolean {
  return scope !== "org" && (workspace === null || (scope === "environment" && environment === null));
}

function mayBeDenied({ scope, index }: PermissionSnapshot, { member, workspace }: Standing): boolean {
  const denies = (roles: readonly HeldRole[]) =>
    roles.some(({ role }) => (role.verdicts[index]?.deny.length ?? 0) > 0);
  if (workspace === null && [...member.inWorkspaces.values()].some(denies)) return true;
  const isWithin = (environment: string) => workspace === null || environment.startsWith(`${workspace}/`);
  return (
    scope === "environment" && [...member.inEnvironments].some(([at, roles]) => isWithin(at) && denies(roles))
  );
}
