import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { OrgSnapshot } from "../decision/snapshot.ts";
import type { LiveKey } from "../identity/find-key.ts";
import { sendProblem } from "./problem.ts";
import type { Serving } from "./serving.ts";

declare module "fastify" {
  interface FastifyRequest {
    /** Set within `onOrgs` alone. */
    asked: AskedPlace;
  }
}

/** Where a question is asked, by its path. */
export interface AskedPlace {
  readonly org: OrgSnapshot;
  readonly workspace: string | null;
  /** With its workspace: `web/live`. */
  readonly environment: string | null;
  /** The path names no org: it is the key's own. */
  readonly isBare: boolean;
}

interface Path {
  /** Not there on a bare path. */
  readonly org?: string;
  readonly workspace?: string;
  readonly environment?: string;
}

export interface OrgRoutes {
  /** What the routes' paths begin with where no org is named; null: there are none of those. */
  readonly bare: string | null;
  readonly addRoutes: (scope: FastifyInstance) => void;
}

/**
 * Adds routes below `/v1/orgs/{org}` and, the same, below `/v1/orgs/{org}/environments/{workspace}/{environment}`; where
 * keys are needed, also bare, for the org of the key. Their handlers find the org in `request.asked`; an org that is not
 * there, and one that the asker may not ask about, have the same answer, byte for byte, and after the same work.
 */
export function onOrgs(app: FastifyInstance, serving: Serving, { bare, addRoutes }: OrgRoutes): void {
  const scoped = (suffix: string) => async (scope: FastifyInstance) => {
    scope.decorateRequest("asked");
    if (suffix) nameApart(scope, suffix);
    scope.addHook("preHandler", (request, reply, done) => {
      const found = findOrg(request, reply, serving);
      if (found === undefined) return;
      if (found instanceof Promise) found.then((org) => enter(request, reply, org) && done(), done);
      else if (enter(request, reply, found)) done();
    });
    addRoutes(scope);
  };
  app.register(scoped(""), { prefix: "/v1/orgs/:org" });
  app.register(scoped("InEnvironment"), { prefix: "/v1/orgs/:org/environments/:workspace/:environment" });
  if (serving.authenticator && bare !== null) app.register(scoped("OfOwnOrg"), { prefix: bare });
}

/** The same operation is found below an org, below each of its environments, and bare. */
function nameApart(scope: FastifyInstance, suffix: string): void {
  scope.addHook("onRoute", (route) => {
    const { operationId } = (route.schema ?? {}) as { readonly operationId?: string };
    if (operationId) route.schema = { ...route.schema, operationId: `${operationId}${suffix}` } as object;
  });
}

type Found = OrgSnapshot | null | Promise<OrgSnapshot | null>;

/** The org that is asked about, as far as the asker may; undefined: that was answered already. */
function findOrg(
  { params, caller }: FastifyRequest,
  reply: FastifyReply,
  { estate, authenticator }: Serving,
): Found | undefined {
  const { org: named } = params as Path;
  if (caller === null || caller.org === null) {
    // A database has no names with such characters, and cannot even be asked for them.
    if (named !== undefined) return named.includes("\0") ? null : estate.org(named);
    const detail = "This key is not of one org. Name the org in the path: /v1/orgs/{org}/…";
    sendProblem(reply, "bad-request", { detail });
    return undefined;
  }
  if (named === undefined || named === caller.org) return estate.org(caller.org);
  // Nothing is looked at: whether there is such an org is not to be told by how long it takes.
  authenticator?.refuse({ reason: "wrong-org", key: caller });
  return null;
}

/** By the id: a slug may have become another org's since the key was looked at. */
export function mayAskAbout({ id }: OrgSnapshot, caller: LiveKey | null): boolean {
  return caller === null || caller.orgId === null || caller.orgId === id;
}

function enter(request: FastifyRequest, reply: FastifyReply, org: OrgSnapshot | null): boolean {
  const { caller, params } = request;
  if (!org || !mayAskAbout(org, caller)) {
    sendProblem(reply, "unknown-org");
    return false;
  }
  const { org: named, workspace = null, environment = null } = params as Path;
  request.asked = {
    org,
    workspace,
    environment: environment === null ? null : `${workspace}/${environment}`,
    isBare: named === undefined,
  };
  return true;
}
