import { addressOf } from "../model/address.ts";
import { bindingOf, heldAt, type Level, levels, type Standing } from "./permission-standing.ts";
import {
  knownResourceOf,
  memberOf,
  ownValue,
  placeFault,
  type Question,
  questionAt,
  workspaceOf,
} from "./question.ts";
import type { Reason } from "./reason.ts";
import type { HeldRoles, KnownResource, MemberSnapshot, OrgSnapshot, SetClause } from "./snapshot.ts";

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
  const standing = standingOf(question, permission);
  return "reason" in standing ? standing : decideByRoles(standing);
}

/** Who asks, and where; or why that is a no whatever roles are held. */
export function standingOf(question: Question, permission: string): Standing | PermissionDecision {
  const { org } = question;
  const known = org.catalog.permissions.get(permission);
  if (!known) return unknownPermission;
  if (org.status !== "active") return refusal("org-not-active", org.slug);
  const member = memberOf(question);
  if (!member) return unknownMember;
  if (member.status !== "active")
    return refusal("member-suspended", addressOf(org.slug, "member", member.key));
  if (lacksSecondFactor(member, question)) return refusal("mfa-required", `${org.slug}/security`);
  const resource = knownResourceOf(question) ?? null;
  const fault = placeFault(question) ?? (resource && misplaced(question, resource));
  if (fault !== null) return refusal(fault);
  const environment = question.environment ?? resource?.environment ?? null;
  const workspace = question.workspace ?? resource?.workspace ?? workspaceOfEnvironment(org, environment);
  const placed = resource === null ? question : placedAt(question, workspace, environment);
  return { question: placed, permission: known, member, workspace, environment, resource };
}

/** Conditions ask about the place where a known object is, whether or not somebody names it. */
function placedAt(question: Question, workspace: string | null, environment: string | null): Question {
  const isNamed = question.workspace === workspace && question.environment === environment;
  return isNamed ? question : questionAt(question, workspace, environment);
}

function refusal(
  reason: Reason,
  decidedBy: string | null = null,
  through: string | null = null,
): PermissionDecision {
  return { kind: "permission", isAllowed: false, reason, decidedBy, through };
}

const unknownPermission = refusal("unknown-permission");
const unknownMember = refusal("unknown-member");
const notGranted = refusal("not-granted");
const placeNeeded = refusal("place-needed");

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

function decideByRoles(standing: Standing): PermissionDecision {
  let found: PermissionDecision | null = null;
  for (const level of levels) {
    const held = heldAt(level, standing);
    if (held) found = stronger(found, judge(held, level, standing));
  }
  if (found?.reason === "denied" || !isPlaceMissing(standing)) return found ?? notGranted;
  // What denies it in some workspace might deny it here, wherever here is.
  return found?.isAllowed && !mayBeDenied(standing) ? found : placeNeeded;
}

function stronger(a: PermissionDecision | null, b: PermissionDecision | null): PermissionDecision | null {
  if (a === null || b === null) return a ?? b;
  if (a.reason === "denied" || b.reason === "denied") return a.reason === "denied" ? a : b;
  return a.isAllowed ? a : b;
}

/** A denial if there is one, else an allowance, else what an unknown condition withholds; null: nothing said. */
function judge(held: HeldRoles, level: Level, standing: Standing): PermissionDecision | null {
  const verdict = held.set.verdicts[standing.permission.index];
  if (!verdict) return null;
  if (verdict.always) return granted(verdict.always, bindingOf(held, verdict.always, level, standing));
  const { question } = standing;
  for (const clause of verdict.deny) {
    if (truthOf(clause, question) !== "false")
      return refusal("denied", clause.address, bindingOf(held, clause, level, standing));
  }
  let withheld: SetClause | null = null;
  for (const clause of verdict.allow) {
    const truth = truthOf(clause, question);
    if (truth === "true") return granted(clause, bindingOf(held, clause, level, standing));
    if (truth === "unknown") withheld ??= clause;
  }
  return withheld && refusal("undetermined", withheld.address, bindingOf(held, withheld, level, standing));
}

function granted({ address }: SetClause, through: string): PermissionDecision {
  return { kind: "permission", isAllowed: true, reason: "granted", decidedBy: address, through };
}

export function truthOf({ test }: SetClause, question: Question) {
  return test === null ? "true" : test(question);
}

function isPlaceMissing({ permission: { scope }, workspace, environment }: Standing): boolean {
  return scope !== "org" && (workspace === null || (scope === "environment" && environment === null));
}

function mayBeDenied({ permission: { scope, index }, member, workspace }: Standing): boolean {
  if (member.elsewhere === null) return false;
  const { inWorkspaces, inEnvironments } = member.elsewhere;
  const denies = ({ set }: HeldRoles) => (set.verdicts[index]?.deny.length ?? 0) > 0;
  if (workspace === null && [...inWorkspaces.values()].some(denies)) return true;
  const isWithin = (environment: string) => workspace === null || environment.startsWith(`${workspace}/`);
  return scope === "environment" && [...inEnvironments].some(([at, held]) => isWithin(at) && denies(held));
}
