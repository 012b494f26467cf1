import type { FastifyInstance } from "fastify";
import { check } from "./native/check.ts";
import { config } from "./native/config.ts";
import { entitlements } from "./native/entitlements.ts";
import { explainOne } from "./native/explain.ts";
import { flags } from "./native/flags.ts";
import { memberPermissions } from "./native/member-permissions.ts";
import { orgsOfUser } from "./native/orgs-of-user.ts";
import { onOrgs } from "./org-scope.ts";
import type { Serving } from "./serving.ts";

/** The questions and answers that are this product's own. */
export function native(app: FastifyInstance, serving: Serving): void {
  const addRoutes = (scope: FastifyInstance) => {
    scope.setSerializerCompiler(asJson);
    check(scope, serving);
    explainOne(scope, serving);
    flags(scope, serving);
    entitlements(scope, serving);
    config(scope, serving);
    memberPermissions(scope, serving);
  };
  onOrgs(app, serving, { bare: "/v1", addRoutes });
  // Registered, so that what looks at routes as they come is there before it.
  app.register(async (users) => {
    users.setSerializerCompiler(asJson);
    orgsOfUser(users, serving);
  });
}

/** Answers have one of several shapes: to tell them apart by a schema takes longer than to write them. */
const asJson = () => JSON.stringify;
