import * as z from "zod";
import type { AskedResource, Attributes } from "../../decision/question.ts";
import type { Value } from "../../model/value.ts";
import type { AskedPlace } from "../org-scope.ts";

/** The parts of questions that several of the native API's endpoints take. */

export const attributes = z.record(z.string(), z.custom<Value>());

export const member = z.string().meta({
  description: "An email address, in any case, or the app's id of the user",
  examples: ["ana@acme.example"],
});

export const workspace = z.string().meta({ examples: ["web"] });

export const environment = z.string().meta({
  description: "With its workspace",
  examples: ["web/live"],
});

export const resource = z
  .strictObject({
    type: z.string(),
    id: z.string().optional(),
    attributes: attributes.optional().meta({
      description: "What the estate itself knows of the resource beats what is said here",
    }),
  })
  .meta({ title: "AskedResource" });

/** `mfa`, and the attributes of requests that the catalog declares. */
export const context = attributes.meta({
  description: "`mfa`, and the attributes of requests that the catalog declares",
  examples: [{ mfa: true }],
});

interface Placing {
  readonly workspace?: string | undefined;
  readonly environment?: string | undefined;
}

/** Who names a place names all of it: a workspace that is named nearer takes an environment from farther away. */
export function namesPlace({ workspace, environment }: Placing): boolean {
  return workspace !== undefined || environment !== undefined;
}

/** Where a request that names a place in its query asks; else, where its path says. */
export function placeOf(query: Placing, asked: AskedPlace): Pick<AskedPlace, "workspace" | "environment"> {
  if (!namesPlace(query)) return asked;
  return { workspace: query.workspace ?? null, environment: query.environment ?? null };
}

export function askedResource(given: z.infer<typeof resource> | undefined): AskedResource | null {
  if (given === undefined) return null;
  return { type: given.type, id: given.id ?? null, attributes: (given.attributes as Attributes) ?? null };
}
