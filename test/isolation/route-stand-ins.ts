import type { StandIn } from "./route-target.ts";

interface Named {
  readonly org?: string;
}

/** Mistakes that a server could have in place of its checks, each with what it does. */
export const standIns: { readonly [mistake: string]: StandIn } = {
  "forgets whose key it is": (app) =>
    app.addHook("preValidation", async (request) => {
      request.caller = null;
    }),
  "takes every key for one of the org that the path names": (app) =>
    app.addHook("preValidation", async (request) => {
      const { org } = request.params as Named;
      if (request.caller && org !== undefined) request.caller = { ...request.caller, org, orgId: null };
    }),
  "forgets whose key it is where a user's orgs are listed": (app) =>
    app.addHook("preValidation", async (request) => {
      if (request.routeOptions.url === "/v1/users/:user/orgs") request.caller = null;
    }),
  "has another header for an org that is there": (app) =>
    app.addHook("onSend", async (request, reply) => {
      const { org } = request.params as Named;
      if (reply.statusCode === 404 && org?.startsWith("zqnorth")) reply.header("vary", "authorization");
    }),
  "answers from what it answered to others": (app) => {
    const answers = new Map<string, unknown>();
    app.addHook("preValidation", async (request, reply) => {
      if (answers.has(request.url)) return reply.send(answers.get(request.url));
    });
    app.addHook("onSend", async (request, reply, payload) => {
      if (request.method === "GET" && reply.statusCode === 200 && !request.url.includes("/events"))
        answers.set(request.url, payload);
      return payload;
    });
  },
  "knows every tag that it ever gave": (app) => {
    const tags = new Set<unknown>();
    app.addHook("preValidation", async (request, reply) => {
      if (tags.has(request.headers["if-none-match"])) return reply.code(304).send();
    });
    app.addHook("onSend", async (_, reply) => {
      if (reply.statusCode === 200 && reply.hasHeader("etag")) tags.add(reply.getHeader("etag"));
    });
  },
  "says in errors what was meant": (app) =>
    app.addHook("onSend", async (request, reply, payload) =>
      reply.statusCode === 404 && (request.params as Named)?.org === "zqsouth"
        ? String(payload).replace("There is no such org", "That org is zqsouth-1")
        : payload,
    ),
};
