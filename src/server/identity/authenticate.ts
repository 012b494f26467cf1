import type { FastifyInstance, FastifyReply } from "fastify";
import type { Authenticator } from "../../identity/authenticator.ts";
import type { LiveKey } from "../../identity/find-key.ts";
import { sendProblem } from "../problem.ts";
import { credentialsOf } from "./credentials.ts";

declare module "fastify" {
  interface FastifyRequest {
    /** Whose key it was asked with; null where nobody needs one. */
    caller: LiveKey | null;
  }
  interface FastifyContextConfig {
    /** Whoever reaches the server may ask. Every route that does not say so needs a key. */
    isOpen?: boolean;
  }
}

/**
 * Answers only who has a key or a token, on every route that does not say of itself that it is open. This is passed by
 * every request: what was looked at a moment ago is answered for at once.
 */
export function authenticate(app: FastifyInstance, authenticator: Authenticator): void {
  app.addHook("onRequest", (request, reply, done) => {
    // Where no route is there is nothing to keep.
    if (request.is404 || request.routeOptions.config.isOpen === true) return done();
    const credentials = credentialsOf(request.headers);
    if (credentials.kind === "none") return refuse(reply);
    if (credentials.kind === "two") {
      authenticator.refuse({ reason: "malformed", key: null });
      return refuseTwo(reply);
    }
    if (credentials.kind === "key" && !isKeyLike(credentials.text)) {
      authenticator.refuse({ reason: "malformed", key: null });
      return refuse(reply, "invalid_token");
    }
    const enter = (caller: LiveKey | null) => {
      if (caller === null) return refuse(reply, "invalid_token");
      request.caller = caller;
      done();
    };
    const caller = authenticator.identify(credentials.text);
    if (caller instanceof Promise) caller.then(enter).catch(done);
    else enter(caller);
  });
}

/** Tokens go the way that is theirs: a key's header is copied to places where a token's is not looked for. */
export function isKeyLike(text: string): boolean {
  return text.startsWith("fl_");
}

/** RFC 6750 §3; the same body whatever it was, so that nobody learns which keys there once were. */
export function refuse(reply: FastifyReply, error?: "invalid_token"): void {
  sendProblem(reply.header("www-authenticate", error ? `Bearer error="${error}"` : "Bearer"), "unauthorized");
}

export function refuseTwo(reply: FastifyReply): void {
  const detail = "Authorization and X-API-Key say different keys. Send one of them.";
  sendProblem(reply, "bad-request", { detail });
}
