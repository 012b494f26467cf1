import { cpSync } from "node:fs";
import { join } from "node:path";
import { rolePrefix } from "../bench-database.ts";
import { flaggedPlans, flagNames, planNames } from "./flag-fixture.ts";
import { type HttpRequest, json, type LoadTarget } from "./http-request.ts";
import type { PermissionFixture } from "./permission-fixture.ts";
import { repository } from "./repository.ts";

/** How many different requests each server is sent in turn. */
const different = 2_000;

/** The limit: the same framework, options, body and path, and always the same answer. */
export function constantTarget({ requests }: PermissionFixture): LoadTarget {
  return {
    name: "Fastify, constant answer",
    command: [process.execPath, join(import.meta.dirname, "serve-constant.js")],
    requests: requests
      .slice(0, different)
      .map(({ org, user, permission }) =>
        json(
          `/v1/orgs/${org}/check`,
          { questions: [{ member: user, permission }] },
          ({ decision }: { decision: boolean }) => decision === true,
        ),
      ),
  };
}

/** A filled database, and the key of a service to it. */
export interface ServedDatabase {
  readonly url: string;
  readonly key: string;
}

/** `tenantry serve` over a filled database, asked by each protocol and with credentials; a server of its own for each. */
export function ownTargets(
  { requests, expected }: PermissionFixture,
  { url, key }: ServedDatabase,
): readonly LoadTarget[] {
  const asked = requests
    .slice(0, different)
    .map((request, index) => ({ ...request, isAllowed: expected[index] }));
  const checks = asked.map(({ org, user, permission, isAllowed }) =>
    json(
      `/v1/orgs/${org}/check`,
      { questions: [{ member: user, permission }] },
      ({ answers }: { answers: readonly { allowed: boolean }[] }) => answers[0]?.allowed === isAllowed,
    ),
  );
  const evaluations = asked.map(({ org, user, resource, action, isAllowed }) =>
    json(
      `/v1/orgs/${org}/access/v1/evaluation`,
      {
        subject: { type: "user", id: user },
        action: { name: action },
        resource: { type: resource, id: "1" },
      },
      ({ decision }: { decision: boolean }) => decision === isAllowed,
    ),
  );
  const command = serveCommand(url, "--no-auth");
  const withKeys = serveCommand(url);
  return [
    { name: "Tenantry, check", requests: checks, command },
    { name: "Tenantry, AuthZEN evaluation", requests: evaluations, command },
    { name: "Tenantry, OFREP evaluation", requests: flagRequests(asked), command },
    {
      name: "Tenantry, check with a key",
      requests: checks,
      command: withKeys,
      credentials: async () => ({ authorization: `Bearer ${key}` }),
    },
    {
      name: "Tenantry, check with a token",
      requests: checks,
      command: withKeys,
      credentials: async (origin) => ({ authorization: `Bearer ${await tokenFor(origin, key)}` }),
    },
  ];
}

/** The plan of an org goes by its number; only who is outside of the plans can be foretold. */
function flagRequests(
  asked: readonly { readonly org: string; readonly user: string }[],
): readonly HttpRequest[] {
  return asked.map(({ org, user }, index) => {
    const plan = planNames[Number(org.slice(-6)) % planNames.length] as (typeof planNames)[number];
    return json(
      `/v1/orgs/${org}/ofrep/v1/evaluate/flags/${flagNames[index % flagNames.length]}`,
      { context: { targetingKey: user } },
      ({ value }: { value: boolean }) =>
        flaggedPlans.includes(plan) ? typeof value === "boolean" : value === false,
    );
  });
}

/** Ten minutes of it are more than the load takes. */
async function tokenFor(origin: string, key: string): Promise<string> {
  const response = await fetch(`${origin}/v1/token`, { method: "POST", headers: { "x-api-key": key } });
  const { access_token } = (await response.json()) as { readonly access_token: string };
  return access_token;
}

function serveCommand(url: string, ...more: readonly string[]): LoadTarget["command"] {
  const compiled = join(import.meta.dirname, "..", "..", "..");
  // Where the command finds its version.
  cpSync(join(repository, "package.json"), join(compiled, "package.json"));
  const options = ["--database", url, "--role-prefix", rolePrefix, "--port", "0", ...more];
  return [process.execPath, join(compiled, "src", "cli.js"), "serve", ...options];
}
