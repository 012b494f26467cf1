import * as z from "zod";
import { email, environmentName, name, oneOf, resourceName, text, time, toggle } from "./scalars.ts";
import { mapOf, namesOf, raw } from "./shapes.ts";

const values = (description: string) => mapOf(name("A name"), raw("Its value")).meta({ description });

const testedOrg = z
  .object({
    id: text("Its id", 200).optional(),
    slug: text("Its slug", 100).optional(),
    plan: text("Its plan, as team@2, or team for the highest version", 220).optional(),
    created_at: time("When it came to be").optional(),
    status: oneOf("The state that it is in; active where nothing is said", [
      "active",
      "suspended",
      "archived",
      "deleted",
    ]).optional(),
    flags: values("Flags that are set for it").optional(),
    entitlements: values("Entitlements that it is given").optional(),
    attributes: values("Its attributes, which may also stand beside the other fields").optional(),
  })
  .catchall(raw("An attribute of the org"))
  .meta({ description: "The org that asks" });

const testedMember = z
  .strictObject({
    id: text("The app's own id", 200).optional(),
    email: email("The address").optional(),
    type: oneOf("A person, or an application", ["user", "service"]).optional(),
    status: oneOf("The state that they are in; active where nothing is said", [
      "active",
      "suspended",
    ]).optional(),
    roles: namesOf("Roles held in the whole org").optional(),
    workspaces: mapOf(name("A workspace"), namesOf("Roles held in it"))
      .meta({ description: "Roles held in a workspace" })
      .optional(),
    environments: mapOf(environmentName("An environment"), namesOf("Roles held in it"))
      .meta({ description: "Roles held in an environment, by workspace/environment" })
      .optional(),
    resources: mapOf(resourceName("A resource"), namesOf("Roles held on it"))
      .meta({ description: "Roles held on a resource, by type/name" })
      .optional(),
    attributes: values("Attributes of the member").optional(),
  })
  .meta({ description: "The member who asks" });

const testedResource = z
  .object({
    type: name("Its type").optional(),
    id: text("Its id", 200).optional(),
    workspace: name("The workspace that it is in").optional(),
    environment: environmentName("The environment that it is in").optional(),
    attributes: values("Its attributes, which may also stand beside the other fields").optional(),
  })
  .catchall(raw("An attribute of the resource"))
  .meta({ description: "What is asked about" });

const testedEnvironment = z
  .strictObject({
    workspace: name("Its workspace").optional(),
    slug: name("Its name").optional(),
    tier: oneOf("Its tier", ["dev", "stage", "prod"]).optional(),
    host: text("Where it is deployed", 200).optional(),
  })
  .meta({ description: "Where it is asked" });

/** An example that the catalog must satisfy. */
export const catalogTest = () =>
  z
    .strictObject({
      name: text("What it shows", 300),
      now: time("When it takes place"),
      org: testedOrg.optional(),
      member: testedMember.optional(),
      resource: testedResource.optional(),
      environment: testedEnvironment.optional(),
      request: z
        .object({ mfa: toggle("Whether a second factor was shown").optional() })
        .catchall(raw("An attribute of the request"))
        .meta({ description: "How it is asked" })
        .optional(),
      expect: mapOf(
        text("A flag, entitlement or permission, as flags.new_dashboard", 300),
        raw("What must come out"),
      ).meta({ description: "What must come out" }),
    })
    .meta({ description: "An example that must hold; a failing one stops validate, plan and apply" });
