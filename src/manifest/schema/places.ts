import * as z from "zod";
import { description, metadata, previously } from "./bindings.ts";
import { entitlements, flags } from "./commerce.ts";
import { environmentName, name, oneOf, resourceName, secret, text } from "./scalars.ts";
import { mapOf, raw } from "./shapes.ts";

const environment = z
  .strictObject({
    name: text("The name that people see", 200).optional(),
    description: description().optional(),
    previously: previously(),
    tier: oneOf("What it is for; dev where nothing is said", ["dev", "stage", "prod"]).optional(),
    host: oneOf("Where it is deployed; localhost where nothing is said", [
      "localhost",
      "cloudrun",
      "aws",
    ]).optional(),
    backend: text("The execution backend", 200).optional(),
    credentials: mapOf(name("A credential"), secret("Where it is kept"))
      .meta({ description: "References to credentials, never the credentials" })
      .optional(),
    flags: flags().optional(),
    entitlements: entitlements().optional(),
    metadata: metadata().optional(),
  })
  .meta({ description: "An environment of a workspace" });

const workspace = z
  .strictObject({
    name: text("The name that people see", 200).optional(),
    description: description().optional(),
    previously: previously(),
    environments: mapOf(name("An environment"), environment)
      .meta({ description: "Its environments" })
      .optional(),
    flags: flags().optional(),
    entitlements: entitlements().optional(),
    settings: mapOf(name("A setting"), raw("Any value"))
      .meta({ description: "Settings of your own" })
      .optional(),
    metadata: metadata().optional(),
  })
  .meta({ description: "A workspace: what is in it is invisible from the others" });

const resource = z
  .strictObject({
    description: description().optional(),
    workspace: name("The workspace that it is in").optional(),
    environment: environmentName("The environment that it is in").optional(),
    attributes: mapOf(name("An attribute"), raw("Its value"))
      .meta({ description: "Values of the attributes that the catalog declares for its type" })
      .optional(),
  })
  .meta({ description: "A known object of the app's, so that roles can be held on it and searches find it" });

/** The sections of an org that say what there is in it. */
export const placeSections = {
  workspaces: mapOf(name("A workspace"), workspace).meta({ description: "Workspaces, by name" }).optional(),
  resources: mapOf(resourceName("A resource"), resource)
    .meta({ description: "Known objects of the app's, by type/name" })
    .optional(),
};
