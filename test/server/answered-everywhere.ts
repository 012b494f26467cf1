import type { FastifyInstance } from "fastify";
import { expect } from "vitest";
import { asksMembers } from "../../src/decision/impact/catalog-difference.ts";
import type { OrgSnapshot } from "../../src/decision/snapshot.ts";
import type { Value } from "../../src/model/value.ts";
import type { LiveEstate } from "../../src/runtime/live-estate.ts";

/** One question, as the HTTP service takes it. */
export interface Asked {
  readonly permission?: string;
  readonly flag?: string;
  readonly entitlement?: string;
  readonly member?: string;
  readonly workspace?: string;
  readonly environment?: string;
  readonly resource?: { readonly type: string; readonly id: string; readonly attributes: Attributes };
  readonly context?: Attributes;
}

type Attributes = { readonly [name: string]: Value };

/** What an org was answered to every question, by the question's text. */
export interface AnsweredOrg {
  readonly org: OrgSnapshot;
  readonly answers: ReadonlyMap<string, Answer>;
}

export interface Answer {
  readonly asked: Asked;
  /** `web`, `web/live` or `document/spec`; null: none was named. */
  readonly place: string | null;
  readonly value: Value;
  readonly variant: string | null;
}

const contexts: readonly Attributes[] = [
  { mfa: true },
  { mfa: true, channel: "cli" },
  { mfa: true, channel: "web" },
  { channel: "cli" },
];

/** Asks every org everything over HTTP: every permission for each member and context, every flag and feature, everywhere. */
export async function answeredEverywhere(
  app: FastifyInstance,
  { org: find }: Pick<LiveEstate, "org">,
): Promise<ReadonlyMap<string, AnsweredOrg>> {
  const answered = new Map<string, AnsweredOrg>();
  for (const slug of ["acme", "globex", "hooli"]) {
    const org = await find(slug);
    if (org) answered.set(slug, { org, answers: await answersOf(app, org) });
  }
  return answered;
}

async function answersOf(app: FastifyInstance, org: OrgSnapshot): Promise<AnsweredOrg["answers"]> {
  const asked = placesOf(org).flatMap(({ place, ...at }) =>
    questionsAt(org, at).map((question) => ({ place, asked: question })),
  );
  const answers = new Map<string, Answer>();
  for (let start = 0; start < asked.length; start += 1_000) {
    const some = asked.slice(start, start + 1_000);
    const response = await app.inject({
      method: "POST",
      url: `/v1/orgs/${org.slug}/check`,
      payload: { questions: some.map((each) => each.asked) },
    });
    expect(response.statusCode).toBe(200);
    const { answers: given } = response.json() as { answers: readonly Given[] };
    for (const [index, each] of some.entries()) {
      const { allowed, value = null, variant = null } = given[index] as Given;
      answers.set(JSON.stringify(each.asked), { ...each, value: allowed ?? value, variant });
    }
  }
  return answers;
}

interface Given {
  readonly allowed?: boolean;
  readonly value?: Value;
  readonly variant?: string | null;
}

type At = Pick<Asked, "workspace" | "environment" | "resource">;

function placesOf({ workspaces, environments, resources }: OrgSnapshot) {
  const places: (At & { readonly place: string | null })[] = [{ place: null }];
  for (const workspace of workspaces) places.push({ place: workspace, workspace });
  for (const environment of environments.keys()) places.push({ place: environment, environment });
  for (const [type, alike] of resources) {
    for (const id of alike.keys()) {
      for (const attributes of [{}, { status: "draft" }, { status: "live" }]) {
        places.push({ place: `${type}/${id}`, resource: { type, id, attributes } });
      }
    }
  }
  return places;
}

function questionsAt({ catalog, members }: OrgSnapshot, at: At): readonly Asked[] {
  const people = [...new Set(members.values())].map(({ key }) => key);
  const ofMembers = people.flatMap((member) => [
    ...[...catalog.permissions.keys()].flatMap((permission) =>
      contexts.map((context) => ({ permission, member, ...at, context })),
    ),
    ...[...catalog.flags.keys()].map((flag) => ({ flag, member, ...at })),
  ]);
  // Flags and entitlements are of the org, its workspaces and environments.
  if (at.resource) return ofMembers.filter((asked) => "permission" in asked);
  return [
    ...ofMembers,
    ...[...catalog.flags.keys()].map((flag) => ({ flag, ...at })),
    ...[...catalog.features.keys()].map((entitlement) => ({ entitlement, ...at })),
  ];
}

/** Whether a flag is asked for each member, on either side. */
export function isOfMembers(flag: string, sides: readonly OrgSnapshot[]): boolean {
  return sides.some(({ catalog }) => {
    const snapshot = catalog.flags.get(flag);
    return snapshot !== undefined && asksMembers(snapshot);
  });
}
