import * as z from "zod";
import { metadata, previously } from "./bindings.ts";
import { commerceSections } from "./commerce.ts";
import { peopleSections } from "./people.ts";
import { placeSections } from "./places.ts";
import { domain, email, name, oneOf, orgSlug, slug, text, time, toggle } from "./scalars.ts";
import { settingSections } from "./settings.ts";
import { mapOf, namesOf, raw, shorthand } from "./shapes.ts";

/** The sections of an org: what a template can hold too. */
export const sections = {
  ...commerceSections,
  ...peopleSections,
  ...placeSections,
  ...settingSections,
};

export type SectionName = keyof typeof sections;

export const sectionNames = Object.keys(sections) as readonly SectionName[];

const manage = mapOf(
  oneOf("A section", sectionNames),
  shorthand(
    z.strictObject({
      mode: oneOf("Whether what the manifests did not make is left alone or removed", [
        "additive",
        "authoritative",
      ]),
      over: oneOf("Judges also what invitations, joining and the app made", ["all"]).optional(),
    }),
    (written) => {
      if (typeof written === "string") return { mode: written };
      const long = written as { readonly authoritative?: object };
      return typeof long?.authoritative === "object"
        ? { mode: "authoritative", ...long.authoritative }
        : written;
    },
    {
      description: "additive leaves alone what the manifests did not make; authoritative removes it",
      anyOf: [
        { enum: ["additive", "authoritative"] },
        {
          type: "object",
          properties: {
            authoritative: {
              description: "Removes what nothing accounts for",
              type: "object",
              properties: {
                over: {
                  description: "Judges also what invitations, joining and the app made",
                  enum: ["all"],
                },
              },
              additionalProperties: false,
            },
          },
          required: ["authoritative"],
          additionalProperties: false,
        },
      ],
    },
  ),
);

/** What an org says of itself, besides its sections; a template may say it too. */
export const orgFields = {
  description: text("What the org is", 2_000).optional(),
  status: oneOf("The state that the org is in; active where nothing is said", [
    "active",
    "suspended",
    "archived",
    "deleted",
  ]).optional(),
  industry: text("The industry", 100).optional(),
  support_tier: oneOf("The level of support", ["community", "standard", "premium", "enterprise"]).optional(),
  attributes: mapOf(name("An attribute"), raw("Its value"))
    .meta({ description: "Values of the attributes that the catalog declares for orgs" })
    .optional(),
  metadata: metadata().optional(),
  contacts: z
    .strictObject({
      primary: email("Whom to write to").optional(),
      billing: email("Whom to send invoices to").optional(),
    })
    .meta({ description: "Contact addresses" })
    .optional(),
};

export const orgSchema = z
  .strictObject({
    apiVersion: z.unknown(),
    org: orgSlug("The org's slug, which is also the file's name"),
    name: text("The name that people see", 200).optional(),
    previously: previously(slug("An earlier slug")),
    created: time("When the org came to be, where that was before its manifest").optional(),
    templates: namesOf("Templates that it is made from; the later wins").optional(),
    confirm: slug("The slug once more, where status is deleted").optional(),
    purge_after: time("When a deleted org's rows go").optional(),
    protected: toggle("Refuses deletion, also when this file is gone").optional(),
    primary_domain: domain("The domain for sign-in and branding").optional(),
    ...orgFields,
    manage: manage
      .meta({ description: "Sections in which rows that nothing accounts for are removed" })
      .optional(),
    release: namesOf(
      "Sections to let go of and leave as they are",
      oneOf("A section", sectionNames),
    ).optional(),
    unset: namesOf("Inherited values to do without, as security.require_mfa", text("A path", 500)).optional(),
    ...sections,
  })
  .meta({ title: "Tenantry org", description: "One org: its people, places, plan and settings" });

export type OrgManifest = Readonly<z.output<typeof orgSchema>>;
