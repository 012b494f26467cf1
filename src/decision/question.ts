import { emailKey } from "../model/email-key.ts";
import type { Value } from "../model/value.ts";
import type { Reason } from "./reason.ts";
import type { KnownResource, MemberSnapshot, OrgSnapshot } from "./snapshot.ts";

export type Attributes = { readonly [name: string]: Value };

/** Who asks what, where and when. The org is a part of it, never an option. */
export interface Question {
  readonly org: OrgSnapshot;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** A member's email address, in any case, or the app's id of the user. */
  readonly member: string | null;
  readonly workspace: string | null;
  /** With its workspace: `web/live`. */
  readonly environment: string | null;
  readonly resource: AskedResource | null;
  /** What the caller says of the subject; facts of the member come from the snapshot. */
  readonly subject: Attributes | null;
  readonly action: Attributes | null;
  /** `mfa`, and the declared attributes of requests. */
  readonly request: Attributes | null;
}

export interface AskedResource {
  readonly type: string;
  readonly id: string | null;
  /** What the estate itself knows of the resource beats what is said here. */
  readonly attributes: Attributes | null;
}

/** A question in which everything that is not given is not said. Written out: spreading costs ten times as much. */
export function questionOf(given: Pick<Question, "org" | "now"> & Partial<Question>): Question {
  return {
    org: given.org,
    now: given.now,
    member: given.member ?? null,
    workspace: given.workspace ?? null,
    environment: given.environment ?? null,
    resource: given.resource ?? null,
    subject: given.subject ?? null,
    action: given.action ?? null,
    request: given.request ?? null,
  };
}

/** The same question, asked at a place. */
export function questionAt(
  { org, now, member, resource, subject, action, request }: Question,
  workspace: string | null,
  environment: string | null,
): Question {
  return { org, now, member, workspace, environment, resource, subject, action, request };
}

/** The value of an attribute; never anything that objects inherit. */
export function ownValue(attributes: Attributes | null | undefined, name: string): Value | undefined {
  return attributes && Object.hasOwn(attributes, name) ? attributes[name] : undefined;
}

/** Finds by address, whatever its case, or by user id; what is somebody's address is nobody's id. */
export function memberOf({ org, member }: Question): MemberSnapshot | undefined {
  if (member === null) return undefined;
  if (!member.includes("@")) return org.members.get(member);
  return org.members.get(emailKey(member)) ?? org.members.get(member);
}

export function knownResourceOf({ org, resource }: Question): KnownResource | undefined {
  if (resource === null || resource.id === null) return undefined;
  return org.resources.get(resource.type)?.get(resource.id);
}

/** What is wrong with where a question is asked; null if nothing is. */
export function placeFault({ org, workspace, environment }: Question): Reason | null {
  if (environment === null) {
    return workspace === null || org.workspaces.has(workspace) ? null : "unknown-workspace";
  }
  const known = org.environments.get(environment);
  if (!known) return "unknown-environment";
  if (workspace === null || workspace === known.workspace) return null;
  return org.workspaces.has(workspace) ? "wrong-place" : "unknown-workspace";
}

/** The workspace in which a question is asked, by itself or by its environment. */
export function workspaceOf({ org, workspace, environment }: Question): string | null {
  return workspace ?? (environment === null ? null : (org.environments.get(environment)?.workspace ?? null));
}
