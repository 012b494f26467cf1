import { getMigrations } from "better-auth/db/migration";
import { makeAuth } from "./auth.mjs";

// Fills a database with the orgs and members of the fixture, given on standard input. Some people sign up by the
// library's own API, so that they have sessions; prints who they are.
const { fixture, people, origin, databaseUrl } = JSON.parse(await text(process.stdin));
const { auth, options, pool } = makeAuth({ rightsByRole: fixture.rightsByRole, origin, databaseUrl });
const { runMigrations } = await getMigrations(options);
await runMigrations();

await pool.query(
  `insert into organization (id, name, slug, "createdAt") select slug, slug, slug, now() from unnest($1::text[]) as slug`,
  [fixture.orgs],
);
const column = (name) => fixture.memberships.map((membership) => membership[name]);
await pool.query(
  `insert into "user" (id, name, email, "emailVerified", "createdAt", "updatedAt")
   select id, id, id || '@bench.example', true, now(), now() from unnest($1::text[]) as id`,
  [column("user")],
);
await pool.query(
  `insert into member (id, "organizationId", "userId", role, "createdAt")
   select 'mem_' || person, org, person, role, now()
   from unnest($1::text[], $2::text[], $3::text[]) as given (org, person, role)`,
  [column("org"), column("user"), column("role")],
);
const signedUp = [];
const roles = Object.keys(fixture.rightsByRole);
for (let index = 0; index < people; index++) {
  const body = {
    email: `person${index}@bench.example`,
    password: "correct horse battery",
    name: `Person ${index}`,
  };
  const response = await auth.api.signUpEmail({ body, asResponse: true });
  const cookie = response.headers.getSetCookie().map((each) => each.split(";")[0]);
  const { user } = await response.json();
  const org = fixture.orgs[index * Math.floor(fixture.orgs.length / people)];
  const role = roles[index % roles.length];
  await pool.query(
    `insert into member (id, "organizationId", "userId", role, "createdAt") values ($1, $2, $3, $4, now())`,
    [`mem_${user.id}`, org, user.id, role],
  );
  signedUp.push({ org, role, cookie: cookie.join("; ") });
}
await pool.query("vacuum analyze");
await pool.end();
process.stdout.write(JSON.stringify(signedUp));

async function text(stream) {
  const parts = [];
  for await (const part of stream) parts.push(part);
  return Buffer.concat(parts).toString();
}
