import * as z from "zod";
import { integer, rate } from "./quantities.ts";
import { jsonSchemaOf } from "./scalar.ts";
import { name, oneOf, text, time, toggle } from "./scalars.ts";
import { mapOf, raw, shorthand } from "./shapes.ts";

/** For how long something holds. */
const window = {
  from: time("When it begins to hold").optional(),
  until: time("When it ceases to hold").optional(),
  reason: text("Why, for the next reader", 1_000).optional(),
};

const valueAlone = (written: unknown) =>
  typeof written === "object" && written !== null && !Array.isArray(written) ? written : { value: written };

export const flags = () =>
  mapOf(
    name("A flag"),
    shorthand(
      z
        .strictObject({ value: raw("The flag's value, or a variant's name"), ...window })
        .meta({ description: "A flag's value here, whatever the catalog's rules say" }),
      valueAlone,
      { description: "The flag's value, or a variant's name", type: ["boolean", "string", "number"] },
    ),
  ).meta({ description: "Flags that are set here; the nearest one counts: environment, workspace, org" });

export const entitlements = () =>
  mapOf(
    name("A feature"),
    shorthand(
      z
        .strictObject({ value: raw("What the feature gives"), ...window })
        .meta({ description: "What this feature gives here, whatever the plan says" }),
      valueAlone,
      {
        description: "What the feature gives, as true, 50, unlimited or 10_000/month",
        type: ["boolean", "string", "integer"],
      },
    ),
  ).meta({ description: "Entitlements that beat the plan, up or down" });

const planVersion = (description: string) => text(description, 220);

const subscription = z
  .strictObject({
    plan: planVersion("The plan and its version, as team@2"),
    cycle: oneOf("How often it is billed; monthly where nothing is said", [
      "monthly",
      "annual",
      "custom",
    ]).optional(),
    status: oneOf("The state that it is in; where it is not written it belongs to the billing system", [
      "active",
      "trial",
      "suspended",
      "cancelled",
      "expired",
    ]).optional(),
    trial_ends: time("When the trial ends").optional(),
    auto_renew: toggle("Whether it goes on at the end of a cycle; true where nothing is said").optional(),
    quantity: integer("How many are bought; 1 where nothing is said", 1).optional(),
    starts: time("When it began or begins").optional(),
    ends: time("When it ends").optional(),
    next: z
      .strictObject({ plan: planVersion("The plan and version that follow"), from: time("From when") })
      .meta({ description: "A change that is already agreed" })
      .optional(),
  })
  .meta({ description: "A subscription to one version of a plan" });

/** The sections of an org that say what it has bought, and what it is given besides. */
export const commerceSections = {
  subscriptions: mapOf(
    name("A product"),
    shorthand(subscription, (written) => (typeof written === "string" ? { plan: written } : written), {
      description: "The plan and its version, as team@2",
      type: "string",
    }),
  )
    .meta({ description: "Subscriptions, one a product" })
    .optional(),
  entitlements: entitlements().optional(),
  rate_limits: mapOf(
    name("A rate limit"),
    shorthand(
      z
        .strictObject({ value: rate("How often at most"), ...window })
        .meta({ description: "A rate limit of this org" }),
      valueAlone,
      jsonSchemaOf.get(rate("How often at most, as 600/minute")) ?? {},
    ),
  )
    .meta({ description: "Rate limits that beat the plan's" })
    .optional(),
  flags: flags().optional(),
};
