import * as z from "zod";

/** What several of the native API's answers have in common. */

export const slug = z.string().meta({ description: "The org's slug", examples: ["acme"] });

export const revision = z.int().min(0).max(Number.MAX_SAFE_INTEGER).meta({
  description: "From which revision of the estate this is, at least",
});

/** The answer to who has the result already, as `If-None-Match` said. */
export const notModified = { type: "null", description: "The result is the one that `If-None-Match` names" };

/** The query of what takes none: a parameter that would do nothing is refused. */
export const noQuery = z.strictObject({});
