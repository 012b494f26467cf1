import { betterAuth } from "better-auth";
import { organization } from "better-auth/plugins";
import { createAccessControl } from "better-auth/plugins/access";
import pg from "pg";

/**
 * Its organization plugin over PostgreSQL with default settings: the session and the membership are looked up with each
 * question. Only what limits or reports requests is turned off.
 */
export function makeAuth({ rightsByRole, origin, databaseUrl }) {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 10 });
  const byResource = (rights) => {
    const statement = {};
    for (const [resource, action] of rights) statement[resource] = [...(statement[resource] ?? []), action];
    return statement;
  };
  // The owner may do everything there is.
  const control = createAccessControl(byResource(rightsByRole.owner));
  const roles = Object.fromEntries(
    Object.entries(rightsByRole).map(([role, rights]) => [role, control.newRole(byResource(rights))]),
  );
  const options = {
    baseURL: origin,
    secret: "of-the-benchmark-alone-0123456789abcdef",
    database: pool,
    emailAndPassword: { enabled: true },
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    logger: { disabled: true },
    plugins: [organization({ ac: control, roles })],
  };
  return { auth: betterAuth(options), options, pool };
}
