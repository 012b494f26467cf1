import { execFileSync } from "node:child_process";
import { freePort } from "./free-port.ts";
import { json, type LoadTarget } from "./http-request.ts";
import type { PermissionFixture } from "./permission-fixture.ts";
import { peerPath } from "./repository.ts";
import { actions, type RoleName, resourceTypes } from "./rights.ts";

interface SignedUp {
  readonly org: string;
  readonly role: RoleName;
  readonly cookie: string;
}

/** How many people have a session; each asks for every permission. */
const people = 50;

/** The organization plugin of better-auth over PostgreSQL, with the same orgs, members and roles. */
export async function betterAuthTarget(
  { orgs, memberships, rightsByRole }: PermissionFixture,
  databaseUrl: string,
): Promise<LoadTarget> {
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const signedUp = execFileSync(process.execPath, [peerPath("better-auth", "seed.mjs")], {
    input: JSON.stringify({ fixture: { orgs, memberships, rightsByRole }, people, origin, databaseUrl }),
    encoding: "utf8",
    maxBuffer: 2 ** 26,
    stdio: ["pipe", "pipe", "pipe"],
  });
  return {
    name: "better-auth has-permission",
    command: [process.execPath, peerPath("better-auth", "server.mjs")],
    env: { BENCH_AUTH: JSON.stringify({ rightsByRole, port, databaseUrl }) },
    requests: (JSON.parse(signedUp) as readonly SignedUp[]).flatMap(({ org, role, cookie }) =>
      resourceTypes.flatMap((resource) =>
        actions.map((action) => {
          const isAllowed = rightsByRole[role].some(([on, to]) => on === resource && to === action);
          const { headers, ...request } = json(
            "/api/auth/organization/has-permission",
            { organizationId: org, permissions: { [resource]: [action] } },
            ({ success }: { success: boolean }) => success === isAllowed,
          );
          // A request with a cookie has to come from where the server is.
          return { ...request, headers: { ...headers, cookie, origin } };
        }),
      ),
    ),
  };
}
