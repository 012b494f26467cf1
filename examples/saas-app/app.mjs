import { OpenFeature } from "@openfeature/server-sdk";
import express from "express";
import { requirePermission } from "tenantry/express";
import { TenantryProvider } from "tenantry/openfeature";
import { ordersOf, TooManyOpenOrders } from "./orders.mjs";

/**
 * The HTTP of the app, over a client of the tenants and a pool of connections to its own tables.
 *
 * @param {{ client: import("tenantry/client").LocalClient, pool: import("pg").Pool }} tenants
 */
export async function makeApp({ client, pool }) {
  await OpenFeature.setProviderAndWait(new TenantryProvider(client));
  const flags = OpenFeature.getClient();

  /** @param {string} permission */
  const may = (permission) =>
    requirePermission(client, permission, {
      // Stands for the app's own login: a real app takes the user from a session, and believes no header.
      member: (request) => request.get("x-user"),
      org: (request) => request.params.org,
    });

  const app = express();
  app.use(express.json());

  app.get("/orgs/:org/orders", may("orders:read"), async (request, response) => {
    response.json(await ordersOf(pool, request.params.org).list());
  });

  app.post("/orgs/:org/orders", may("orders:write"), async (request, response) => {
    const { org } = request.params;
    const { member, org: ask } = request.tenantry;
    const isNew = await flags.getBooleanValue("new_checkout", false, { org, targetingKey: member });
    const [entitlement] = await ask.check([{ entitlement: "open_orders" }]);
    const limit = entitlement.value ?? 0;
    const payment = isNew ? "card" : "invoice";
    try {
      const order = await ordersOf(pool, org).place({ item: request.body?.item, payment, member, limit });
      response.status(201).json(order);
    } catch (error) {
      if (!(error instanceof TooManyOpenOrders)) throw error;
      problem(response, 409, "too-many-open-orders", {
        title: "The plan allows no more open orders",
        detail: `${limit} may be open at once. Ship one, or change the plan.`,
        limit,
      });
    }
  });

  app.post("/orgs/:org/orders/:id/ship", may("orders:write"), async (request, response) => {
    const { org, id } = request.params;
    const order = await ordersOf(pool, org).ship(id);
    if (order) response.json(order);
    else problem(response, 404, "unknown-order", { title: "There is no such order" });
  });

  app.use((error, _request, response, _next) => {
    // Values that a column does not take, as PostgreSQL says it; or what cannot be read at all.
    const isAskers = /^2[23]/.test(error.code) || error.status < 500;
    if (isAskers) return problem(response, 400, "bad-request", { title: "The request cannot be taken" });
    console.error(error);
    return problem(response, 500, "internal", { title: "Something went wrong here" });
  });
  return app;
}

/** An error as RFC 9457 has it. */
function problem(response, status, name, more) {
  response
    .status(status)
    .type("application/problem+json")
    .send(JSON.stringify({ type: `urn:orders:problem:${name}`, status, ...more }));
}
