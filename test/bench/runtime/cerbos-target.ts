import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { freePort } from "./free-port.ts";
import { json, type LoadTarget } from "./http-request.ts";
import type { PermissionFixture } from "./permission-fixture.ts";
import { peerPath } from "./repository.ts";
import { resourceTypes } from "./rights.ts";

/** Cerbos on one core: it keeps no members, so that each question brings the roles that the caller has looked up. */
export async function cerbosTarget(fixture: PermissionFixture, folder: string): Promise<LoadTarget> {
  const [http, grpc] = [await freePort(), await freePort()];
  const configuration = {
    server: { httpListenAddr: `127.0.0.1:${http}`, grpcListenAddr: `127.0.0.1:${grpc}` },
    telemetry: { disabled: true },
    audit: { enabled: false },
    storage: { driver: "disk", disk: { directory: join(folder, "policies"), watchForChanges: false } },
  };
  // JSON is YAML.
  writeFileSync(join(folder, "cerbos.yaml"), JSON.stringify(configuration));
  writePolicies(fixture, join(folder, "policies"));
  const binary = peerPath("cerbos", "node_modules", "@cerbos", "cerbos-linux-x64", "cerbos-linux-x64");
  return {
    name: "Cerbos, roles sent along",
    command: [binary, "server", `--config=${join(folder, "cerbos.yaml")}`, "--log-level=ERROR"],
    env: { GOMAXPROCS: "1" },
    ready: { origin: `http://127.0.0.1:${http}`, path: "/_cerbos/health" },
    requests: requestsOf(fixture),
  };
}

function writePolicies({ rightsByRole }: PermissionFixture, folder: string): void {
  mkdirSync(folder);
  for (const resource of resourceTypes) {
    const rules = Object.entries(rightsByRole).flatMap(([role, rights]) => {
      const actions = rights.flatMap(([on, action]) => (on === resource ? [action] : []));
      const condition = { match: { expr: "P.attr.org == R.attr.org" } };
      return actions.length === 0 ? [] : [{ actions, effect: "EFFECT_ALLOW", roles: [role], condition }];
    });
    const policy = {
      apiVersion: "api.cerbos.dev/v1",
      resourcePolicy: { resource, version: "default", rules },
    };
    writeFileSync(join(folder, `${resource}.json`), JSON.stringify(policy));
  }
}

type Answer = { readonly results: readonly { readonly actions: Readonly<Record<string, string>> }[] };

function requestsOf({ memberships, requests, expected }: PermissionFixture): LoadTarget["requests"] {
  const roles = new Map(memberships.map(({ org, user, role }) => [`${org} ${user}`, role]));
  return requests.slice(0, 2_000).map(({ org, user, resource, action }, index) => {
    const role = roles.get(`${org} ${user}`);
    const principal = { id: user, roles: [role ?? "none"], attr: { org: role ? org : "" } };
    const resources = [{ actions: [action], resource: { kind: resource, id: "1", attr: { org } } }];
    return json(
      "/api/check/resources",
      { principal, resources },
      ({ results }: Answer) => (results[0]?.actions[action] === "EFFECT_ALLOW") === expected[index],
    );
  });
}
