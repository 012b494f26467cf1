import type { FastifyInstance, LightMyRequestResponse } from "fastify";

/** Asks the decision point of acme, or another one, as AuthZEN has it. */
export function askAuthzen(
  app: FastifyInstance,
  endpoint: string,
  payload: object,
  base = "/v1/orgs/acme",
): Promise<LightMyRequestResponse> {
  return app.inject({ method: "POST", url: `${base}/access/v1/${endpoint}`, payload });
}

export const user = (id: string) => ({ type: "user", id });

/** Acme wants a second factor of everybody. */
export const mfa = { context: { mfa: true } } as const;

/** An evaluation of a member's right, with a second factor. */
export function evaluation(id: string, action: string, resource: object) {
  return { subject: user(id), action: { name: action }, resource, ...mfa };
}

export const acme = { type: "org", id: "acme" } as const;
export const policy = { type: "document", id: "returns-policy" } as const;

/** Names that every object inherits. */
export const inherited = ["constructor", "__proto__", "toString", "hasOwnProperty", "valueOf", "prototype"];
