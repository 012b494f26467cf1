import type { AddressInfo } from "node:net";
import express from "express";
import { fastify } from "fastify";
import { Hono } from "hono";
import { onTestFinished } from "vitest";
import type { Client, LocalClient } from "../../src/client/client.ts";
import { requirePermission as requireInExpress } from "../../src/middleware/express.ts";
import { requirePermission as requireInFastify } from "../../src/middleware/fastify.ts";
import { requirePermission as requireInHono } from "../../src/middleware/hono.ts";
import type { Tenancy } from "../../src/middleware/judge-request.ts";

/** Sends a request to an app. */
export type Send = (path: string, init?: RequestInit) => Promise<Response>;

/**
 * The same app in every framework: `/orgs/ORG/orders` and `/orders?org=ORG` want `orders:write`, `/broken` has a finder that
 * throws, and `/orgs/ORG/documents/ID?workspace=…&status=…` wants `document:write`. The header `user` says who asks.
 */
export const shopApps: Readonly<Record<string, (client: Client | LocalClient) => Promise<Send>>> = {
  async Express(client) {
    const app = express();
    const member = (request: express.Request) => request.get("user");
    const org = (request: express.Request) => request.params.org;
    app.get(
      "/orgs/:org/orders",
      requireInExpress(client, "orders:write", {
        member,
        org,
        context: (request) => ({ mfa: request.get("mfa") === "yes" }),
      }),
      async (request, response) => void response.json(await shown(request.tenantry)),
    );
    app.get(
      "/orders",
      requireInExpress(client, "orders:write", {
        member: async (request) => member(request),
        org: async (request) => request.query.org as string,
      }),
      async (request, response) => void response.json(await shown(request.tenantry)),
    );
    app.get(
      "/orgs/:org/documents/:id",
      requireInExpress(client, "document:write", {
        member,
        org,
        workspace: (request) => request.query.workspace as string,
        environment: (request) => request.query.environment as string,
        resource: (request) => ({
          type: "document",
          id: String(request.params.id),
          attributes: { status: String(request.query.status) },
        }),
      }),
      async (request, response) => void response.json(await shown(request.tenantry)),
    );
    app.get("/broken", requireInExpress(client, "orders:write", { member: fail, org }), (_, response) =>
      response.end(),
    );
    app.use(((error, _request, response, _next) =>
      response.status(500).end((error as Error).message)) satisfies express.ErrorRequestHandler);
    const server = app.listen(0, "127.0.0.1");
    await new Promise((listening) => server.once("listening", listening));
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    return (path, init) => fetch(`http://127.0.0.1:${port}${path}`, init);
  },

  async Fastify(client) {
    type Asked = import("fastify").FastifyRequest<{
      Params: { org: string; id: string };
      Querystring: { org: string; workspace?: string; environment?: string; status?: string };
    }>;
    const app = fastify();
    const member = ({ headers }: Asked) => headers.user;
    const org = ({ params }: Asked) => params.org;
    app.get(
      "/orgs/:org/orders",
      {
        preHandler: requireInFastify(client, "orders:write", {
          member,
          org,
          context: ({ headers }) => ({ mfa: headers.mfa === "yes" }),
        }),
      },
      (request) => shown(request.tenantry),
    );
    app.get(
      "/orders",
      {
        preHandler: requireInFastify(client, "orders:write", {
          member: async (request: Asked) => member(request),
          org: async ({ query }) => query.org,
        }),
      },
      (request) => shown(request.tenantry),
    );
    app.get<{ Params: { org: string; id: string } }>(
      "/orgs/:org/documents/:id",
      {
        preHandler: requireInFastify(client, "document:write", {
          member,
          org,
          workspace: ({ query }) => query.workspace,
          environment: ({ query }) => query.environment,
          resource: ({ params, query }) => ({
            type: "document",
            id: params.id,
            attributes: { status: String(query.status) },
          }),
        }),
      },
      (request) => shown(request.tenantry),
    );
    app.get(
      "/broken",
      { preHandler: requireInFastify(client, "orders:write", { member: fail, org }) },
      async () => "",
    );
    app.setErrorHandler((error, _request, reply) => reply.code(500).send((error as Error).message));
    const url = await app.listen({ port: 0, host: "127.0.0.1" });
    onTestFinished(() => app.close());
    return (path, init) => fetch(`${url}${path}`, init);
  },

  async Hono(client) {
    const app = new Hono();
    const member = (context: import("hono").Context) => context.req.header("user");
    const org = (context: import("hono").Context) => context.req.param("org");
    app.get(
      "/orgs/:org/orders",
      requireInHono(client, "orders:write", {
        member,
        org,
        context: ({ req }) => ({ mfa: req.header("mfa") === "yes" }),
      }),
      async (context) => context.json(await shown(context.var.tenantry)),
    );
    app.get(
      "/orders",
      requireInHono(client, "orders:write", {
        member: async (context) => member(context),
        org: async ({ req }) => one(req.queries("org")),
      }),
      async (context) => context.json(await shown(context.var.tenantry)),
    );
    app.get(
      "/orgs/:org/documents/:id",
      requireInHono(client, "document:write", {
        member,
        org,
        workspace: ({ req }) => one(req.queries("workspace")),
        environment: ({ req }) => req.query("environment"),
        resource: ({ req }) => ({
          type: "document",
          id: req.param("id") as string,
          attributes: { status: String(req.query("status")) },
        }),
      }),
      async (context) => context.json(await shown(context.var.tenantry)),
    );
    app.get("/broken", requireInHono(client, "orders:write", { member: fail, org }), (context) =>
      context.text(""),
    );
    app.onError((error, context) => context.text(error.message, 500));
    return async (path, init) => app.request(path, init);
  },
};

function fail(): never {
  throw new Error("no session store");
}

/** As the other frameworks read a query: text, or a list. */
function one(all: string[] | undefined): string | string[] | undefined {
  return all?.length === 1 ? all[0] : all;
}

/** Who was let through, and what the org's questions say of them. */
async function shown(tenancy: Tenancy | undefined): Promise<object> {
  if (!tenancy) return { tenancy: "none" };
  const { org, member } = tenancy;
  const [answer] = await org.check([{ permission: "orders:read", member }]);
  return { member, reads: answer?.kind === "permission" && answer.allowed };
}
