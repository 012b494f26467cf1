import * as z from "zod";
import { integer } from "./quantities.ts";
import { environmentName, name, oneOf, resourceName, text } from "./scalars.ts";
import { mapOf, namesOf, raw } from "./shapes.ts";

/** Free data of the vendor's own; kept and shown, never interpreted. */
export const metadata = () =>
  mapOf(name("A name"), raw("Any value")).meta({ description: "Free data of your own" });

export const description = () => text("What it is, for people", 2_000);

/** Earlier names: what bears one of them is renamed, and keeps its id, its members and its history. */
export const previously = (item: z.ZodType<string, unknown> = name("An earlier name")) =>
  namesOf("Earlier names; what bears one is renamed and keeps its id and history", item).optional();

/** The one shape in which members, teams, invitations and join rules say which roles are held where. */
export const bindings = {
  roles: namesOf("Roles held in the whole org").optional(),
  workspaces: mapOf(name("A workspace"), namesOf("Roles held in this workspace"))
    .meta({ description: "Roles held in a workspace, by its name" })
    .optional(),
  environments: mapOf(environmentName("An environment"), namesOf("Roles held in this environment"))
    .meta({ description: "Roles held in an environment, by workspace/environment" })
    .optional(),
  resources: mapOf(resourceName("A resource"), namesOf("Roles held on this resource"))
    .meta({ description: "Roles held on a known resource, by type/name" })
    .optional(),
};

/** What a role grants; the same shape in the catalog and in an org. */
export const role = () =>
  z
    .strictObject({
      description: description().optional(),
      previously: previously(),
      inherits: namesOf("Roles whose grants this one has too").optional(),
      grants: z
        .array(raw("A permission, or { allow or deny: permission, if: condition }"))
        .meta({ description: "Permissions, as document:read, members:* or *:*; deny beats allow" })
        .optional(),
      across: oneOf("Held at org level, it also counts in every workspace", ["workspaces"]).optional(),
      at_least: integer("Every org must have this many active members who hold it", 0, 1_000).optional(),
    })
    .meta({ description: "A role: a name for what its holders may do" });
