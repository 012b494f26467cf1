import type { FastifyInstance } from "fastify";
import * as z from "zod";
import { settingsAt } from "../../decision/settings.ts";
import type { OrgSnapshot } from "../../decision/snapshot.ts";
import { byCodeUnit, type Value } from "../../model/value.ts";
import { jsonSchema } from "../json-schema.ts";
import type { Serving } from "../serving.ts";
import { answerGet } from "./answer-get.ts";
import { noQuery, notModified, revision, slug } from "./head.ts";

const response = z
  .strictObject({
    org: slug,
    name: z.string().nullable(),
    status: z.string().meta({ examples: ["active"] }),
    branding: z.record(z.string(), z.custom<Value>()).nullable().meta({
      description: "What the org has given of it: colours, font, logos; null where it has none",
    }),
    banner: z
      .strictObject({
        message: z.string(),
        variant: z.string(),
        dismissible: z.boolean(),
        starts: z.string().nullable(),
        until: z.string().nullable(),
      })
      .nullable()
      .meta({ description: "Null outside of its time" }),
    security: z.strictObject({ require_mfa: z.boolean(), allow_user_key_override: z.boolean() }),
    notifications: z
      .record(
        z.string(),
        z.strictObject({
          email: z.array(z.string()),
          webhooks: z.array(z.string()),
          enabled: z.boolean(),
        }),
      )
      .meta({ description: "By name" }),
    webhooks: z
      .record(
        z.string(),
        z.strictObject({
          description: z.string().nullable(),
          url: z.string(),
          events: z.array(z.string()),
          enabled: z.boolean(),
        }),
      )
      .meta({ description: "By name; their secrets are never told" }),
    trace: z.strictObject({ mode: z.string(), sample_rate: z.number(), retention_days: z.number() }),
    workspaces: z.array(
      z.strictObject({
        workspace: z.string(),
        environments: z.array(
          z.strictObject({ environment: z.string(), tier: z.string(), host: z.string() }),
        ),
      }),
    ),
    revision,
  })
  .meta({ title: "Config" });

type Config = Omit<z.infer<typeof response>, "revision">;

/** Gives what an app needs to show itself to an org, and never a secret. */
export function config(scope: FastifyInstance, { clock, estate }: Serving): void {
  scope.get("/config", { schema }, (request, reply) => {
    const result = configOf(request.asked.org, clock());
    answerGet(request, reply, { result, revision: estate.state().revision });
  });
}

function configOf(org: OrgSnapshot, now: number): Config {
  const { branding, banner, security, notifications, webhooks } = settingsAt(org, now);
  return {
    org: org.slug,
    name: org.name,
    status: org.status,
    branding,
    banner,
    security: security ?? { require_mfa: org.requiresMfa, allow_user_key_override: false },
    notifications: notifications as Config["notifications"],
    webhooks: webhooks as Config["webhooks"],
    trace: {
      mode: org.trace.mode,
      sample_rate: org.trace.sampleRate,
      retention_days: org.trace.retentionDays,
    },
    workspaces: workspacesOf(org),
  };
}

function workspacesOf({ workspaces, environments }: OrgSnapshot): Config["workspaces"] {
  const inOrder = [...environments.values()].sort((a, b) => byCodeUnit(a.slug, b.slug));
  return [...workspaces].sort(byCodeUnit).map((workspace) => ({
    workspace,
    environments: inOrder
      .filter((environment) => environment.workspace === workspace)
      .map(({ slug, tier, host }) => ({ environment: `${workspace}/${slug}`, tier, host })),
  }));
}

const schema = {
  operationId: "getConfig",
  tags: ["native"],
  summary: "How the app shows itself to the org",
  description:
    "Name, status, branding, the banner in force, security, notifications, webhooks, tracing, and the org's workspaces and environments.",
  querystring: jsonSchema(noQuery),
  response: { 200: { description: "The configuration", ...jsonSchema(response) }, 304: notModified },
};
