import type { FastifyInstance } from "fastify";
import * as z from "zod";
import { memberOf, questionOf } from "../../decision/question.ts";
import type { HeldRoles, MemberSnapshot, OrgSnapshot } from "../../decision/snapshot.ts";
import { byCodeUnit } from "../../model/value.ts";
import { jsonSchema } from "../json-schema.ts";
import { mayAskAbout } from "../org-scope.ts";
import type { Serving } from "../serving.ts";
import { answerGet } from "./answer-get.ts";
import { noQuery, notModified, revision, slug } from "./head.ts";

const role = z
  .strictObject({
    role: z.string(),
    workspace: z.string().nullable(),
    environment: z.string().nullable().meta({ description: "With its workspace: `web/live`" }),
    resource: z.string().nullable().meta({ description: "With its type: `document/spec`" }),
    team: z
      .string()
      .nullable()
      .meta({ description: "The team by which it is held; null: by the member itself" }),
  })
  .meta({ title: "RoleHeld", description: "Without a workspace, environment or resource: in the whole org" });

const membership = z
  .strictObject({
    org: slug,
    name: z.string().nullable(),
    status: z.string(),
    member: z.strictObject({ key: z.string(), status: z.string() }),
    roles: z.array(role),
  })
  .meta({ title: "Membership" });

const response = z
  .strictObject({ user: z.string(), orgs: z.array(membership).meta({ description: "By slug" }), revision })
  .meta({ title: "OrgsOfUser" });

type Membership = z.infer<typeof membership>;
type Role = z.infer<typeof role>;

/**
 * Says of which orgs somebody is a member, by address or user id; of none for somebody unknown. A key of one org is told
 * of that one alone, and no other is looked at.
 */
export function orgsOfUser(app: FastifyInstance, { estate, clock }: Serving): void {
  // A database has no such names, and cannot even be asked for them.
  const orgsOf = (user: string) => (user.includes("\0") ? [] : estate.orgsOfUser(user));
  app.get<{ Params: { readonly user: string } }>(
    "/v1/users/:user/orgs",
    { schema },
    async (request, reply) => {
      const { user } = request.params;
      const orgs: Membership[] = [];
      const own = request.caller?.org ?? null;
      for (const slug of own === null ? await orgsOf(user) : [own]) {
        // One after the other: where few orgs are held, many at once would push each other out.
        const org = await estate.org(slug);
        if (!org || !mayAskAbout(org, request.caller)) continue;
        const member = memberOf(questionOf({ org, now: clock(), member: user }));
        // Who joined or left a moment ago may differ between the database and what is known of the org.
        if (member) orgs.push(membershipOf(org, member));
      }
      answerGet(request, reply, { result: { user, orgs }, revision: estate.state().revision });
      return reply;
    },
  );
}

function membershipOf(org: OrgSnapshot, member: MemberSnapshot): Membership {
  return {
    org: org.slug,
    name: org.name,
    status: org.status,
    member: { key: member.key, status: member.status },
    roles: rolesOf(member),
  };
}

function rolesOf({ inOrg, elsewhere }: MemberSnapshot): Role[] {
  const found = inOrg ? rolesAt(inOrg, {}) : [];
  if (elsewhere === null) return found;
  for (const [workspace, held] of inOrder(elsewhere.inWorkspaces))
    found.push(...rolesAt(held, { workspace }));
  for (const [environment, held] of inOrder(elsewhere.inEnvironments))
    found.push(...rolesAt(held, { environment }));
  for (const [resource, held] of inOrder(elsewhere.onResources)) found.push(...rolesAt(held, { resource }));
  return found;
}

function inOrder(places: ReadonlyMap<string, HeldRoles>): readonly (readonly [string, HeldRoles])[] {
  return [...places].sort(([a], [b]) => byCodeUnit(a, b));
}

function rolesAt({ set, teams }: HeldRoles, place: Partial<Role>): Role[] {
  const { workspace = null, environment = null, resource = null } = place;
  return set.roles.map((role, at) => ({
    role,
    workspace: workspace ?? environment?.slice(0, environment.indexOf("/")) ?? null,
    environment,
    resource,
    team: teams[at] ?? null,
  }));
}

const schema = {
  operationId: "listOrgsOfUser",
  tags: ["native"],
  summary: "The orgs that a user is in",
  description:
    "With the member's status and roles in each, whatever the status of the org. Nobody unknown is in any.",
  querystring: jsonSchema(noQuery),
  response: { 200: { description: "The memberships", ...jsonSchema(response) }, 304: notModified },
};
