// Starts it: `node server.mjs`, where the directory `tenants` is.
import { makeApp } from "./app.mjs";
import { migrate } from "./migrate.mjs";
import { openTenants } from "./open-tenants.mjs";

const { client, pool, close } = await openTenants(process.env);
await migrate(process.env.DEPLOY_URL, pool);
const app = await makeApp({ client, pool });
const server = app.listen(Number(process.env.PORT ?? 3000), "127.0.0.1", () => {
  console.log(`Orders on http://127.0.0.1:${server.address().port}`);
});

for (const signal of ["SIGINT", "SIGTERM"]) {
  process.once(signal, () => server.close(close));
}
