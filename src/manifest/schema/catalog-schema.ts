import * as z from "zod";
import { description, metadata, previously, role } from "./bindings.ts";
import { orgFields, sections } from "./org-schema.ts";
import { duration, limit, percent, price, rate } from "./quantities.ts";
import { name, oneOf, text, toggle, versionNumber } from "./scalars.ts";
import { mapOf, namesOf, raw, shorthand } from "./shapes.ts";
import { catalogTest } from "./test-schema.ts";

/** Where a permission can be held: a list of actions means that they belong to the org. */
const actions = shorthand(
  z
    .strictObject({
      scope: oneOf("Where they are held; org where nothing is said", [
        "org",
        "workspace",
        "environment",
      ]).optional(),
      description: description().optional(),
      actions: namesOf("What can be done to it"),
    })
    .meta({ description: "A type of resource, and what can be done to it" }),
  (written) => (Array.isArray(written) ? { actions: written } : written),
  { description: "What can be done to it", type: "array", items: { type: "string" } },
);

const attributeType = shorthand(
  z
    .strictObject({
      type: oneOf("What its values are", ["text", "number", "switch", "date", "version", "list", "choice"]),
      choices: namesOf("The values that it can have", text("A value", 200)).optional(),
    })
    .superRefine(({ type, choices }, context) => {
      if ((type === "choice") === (choices !== undefined)) return;
      const message = "A choice has choices, and nothing else has them: write [eu, us].";
      context.addIssue({ code: "custom", message, params: { code: "wrong-type" } });
    }),
  (written) => {
    if (Array.isArray(written)) return { type: "choice", choices: written };
    return typeof written === "string" ? { type: written } : written;
  },
  {
    description: "The type of its values, or the list of them",
    anyOf: [
      { enum: ["text", "number", "switch", "date", "version", "list"] },
      { type: "array", items: { type: "string" } },
    ],
  },
);

const feature = shorthand(
  z
    .strictObject({
      description: description().optional(),
      previously: previously(),
      switch: toggle("On or off").optional(),
      limit: name("What it counts: members, teams, workspaces, or something of the app's").optional(),
      quota: toggle("How much may be used in a period").optional(),
      choice: namesOf("What there is to choose from, rising", text("A choice", 100)).optional(),
      combine: oneOf("What counts where several products give it", ["highest", "sum"]).optional(),
    })
    .superRefine((written, context) => {
      const types = [written.switch, written.limit, written.quota, written.choice].filter((type) => type);
      if (types.length === 1) return;
      const message = "A feature is one of: switch, quota, { limit: what it counts }, or a list of choices.";
      context.addIssue({ code: "custom", message, params: { code: "wrong-type" } });
    })
    .meta({ description: "Something that plans give: a switch, a limit, a quota or a choice" }),
  (written) => {
    if (Array.isArray(written)) return { choice: written };
    return written === "switch" || written === "quota" ? { [written]: true } : written;
  },
  {
    description: "switch is true or false, quota an amount in a period, a list a choice of one, rising",
    anyOf: [{ enum: ["switch", "quota"] }, { type: "array", items: { type: "string" } }],
  },
);

const planVersion = z
  .strictObject({
    description: description().optional(),
    extends: text("The plan and version whose entitlements and rate limits it starts from", 220).optional(),
    price: z
      .strictObject({
        monthly: price("As 49.00 USD").optional(),
        annual: price("As 490.00 USD").optional(),
        custom: price("As 12_000.00 USD").optional(),
      })
      .meta({ description: "What it costs; never inherited" })
      .optional(),
    trial: duration("How long it can be tried, as 14 days; never inherited").optional(),
    entitlements: mapOf(name("A feature"), raw("What it gives, as true, 50, unlimited or 10_000/month"))
      .meta({ description: "What it gives, by feature" })
      .optional(),
    rate_limits: mapOf(name("A rate limit"), rate("How often at most"))
      .meta({ description: "Rate limits that it gives, by name" })
      .optional(),
  })
  .meta({ description: "A version of a plan; once somebody has it, it never changes" });

const plan = z
  .strictObject({
    description: description().optional(),
    previously: previously(),
    product: name("The product that it is a plan of"),
    fallback: toggle("What an org has when nothing else is in force").optional(),
    metadata: metadata().optional(),
    versions: mapOf(versionNumber("A version: a whole number, from 1"), planVersion).meta({
      description: "Its versions, by number; subscriptions name one, as team@2",
    }),
  })
  .meta({ description: "A plan that orgs subscribe to" });

const flagRule = z
  .strictObject({
    if: raw("A condition; a rule without one is for everyone").optional(),
    serve: raw("The value, or the variant's name").optional(),
    split: mapOf(name("A variant"), percent("Its share"))
      .meta({ description: "Variants by share of orgs; together 100%" })
      .optional(),
    rollout: percent("The share of orgs that it is for").optional(),
    by: oneOf("Whether orgs or members are spread", ["org", "member"]).optional(),
    description: description().optional(),
  })
  .meta({ description: "A rule; the first that matches decides" });

const flag = z
  .strictObject({
    description: description().optional(),
    previously: previously(),
    variants: mapOf(name("A variant"), raw("Its value")).meta({ description: "Values by name" }).optional(),
    default: raw("What is served where no rule matches: a value, or a variant's name"),
    rules: z.array(flagRule).meta({ description: "Rules, in order" }).optional(),
    salt: text("What spreads orgs over a rollout; kept when the flag is renamed", 100).optional(),
    metadata: metadata().optional(),
  })
  .meta({ description: "A feature flag" });

const template = z
  .strictObject({
    description: description().optional(),
    extends: name("The template that it starts from").optional(),
    locked: namesOf("Values that nobody may change, as security.require_mfa", text("A path", 500)).optional(),
    org: z.strictObject(orgFields).meta({ description: "What an org says of itself" }).optional(),
    ...sections,
  })
  .meta({ description: "A template: sections that orgs are made from" });

const policy = z
  .strictObject({
    allow_user_to_create_organization: toggle(
      "Whether users may create orgs; true where nothing is said",
    ).optional(),
    organization_limit: limit("Orgs a user may create; unlimited where nothing is said").optional(),
    membership_limit: limit("Members an org may have; 100 where nothing is said").optional(),
    team_limit: limit("Teams an org may have; unlimited where nothing is said").optional(),
    team_member_limit: limit("Members a team may have; unlimited where nothing is said").optional(),
    creator_role: name("The role of who creates an org; owner where nothing is said").optional(),
    invitation_expires_in: duration("How long an invitation holds; 2 days where nothing is said").optional(),
    invitation_limit: limit("Invitations that may be pending; 100 where nothing is said").optional(),
    disable_organization_deletion: toggle(
      "Whether nobody may delete an org; false where nothing is said",
    ).optional(),
  })
  .meta({ description: "What users may do by themselves" });

/** The catalog's sections whose entries have names, and may be spread over several files. */
export const namedSections = {
  attributes: mapOf(
    name("What they belong to: org, member, request, subject, action or a type of resource"),
    mapOf(name("An attribute"), attributeType),
  )
    .meta({ description: "What conditions may ask about" })
    .optional(),
  permissions: mapOf(name("A type of resource"), actions)
    .meta({ description: "The whole vocabulary of permissions: type of resource, then actions" })
    .optional(),
  roles: mapOf(name("A role"), role()).meta({ description: "Roles that every org has" }).optional(),
  features: mapOf(name("A feature"), feature).meta({ description: "What plans give" }).optional(),
  rate_limits: mapOf(name("A rate limit"), rate("What an org has where its plan says nothing"))
    .meta({ description: "Rate limits, by name" })
    .optional(),
  plans: mapOf(name("A plan"), plan).meta({ description: "Plans, by name" }).optional(),
  flags: mapOf(name("A flag"), flag).meta({ description: "Feature flags, by name" }).optional(),
  templates: mapOf(name("A template"), template)
    .meta({ description: "Templates that orgs are made from" })
    .optional(),
};

/** The sections that stand in one file only. */
export const wholeSections = {
  products: namesOf(
    "Products, the most important first: its plan is what org.plan means",
    name("A product"),
  ).optional(),
  guards: z
    .strictObject({ max_removals: percent("Of an org's rows of a kind, from 10 removals on").optional() })
    .meta({ description: "Brakes on every apply" })
    .optional(),
  policy: policy.optional(),
};

export const catalogSchema = z
  .strictObject({
    apiVersion: z.unknown(),
    catalog: name("The catalog's name"),
    description: description().optional(),
    ...namedSections,
    ...wholeSections,
    tests: z.array(catalogTest()).meta({ description: "Examples that must hold" }).optional(),
  })
  .meta({ title: "Tenantry catalog", description: "What the vendor offers to every org" });

export type CatalogManifest = Readonly<z.output<typeof catalogSchema>>;
export type TemplateManifest = Readonly<z.output<typeof template>>;
export type CatalogTestManifest = Readonly<z.output<ReturnType<typeof catalogTest>>>;
