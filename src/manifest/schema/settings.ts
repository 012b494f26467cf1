import * as z from "zod";
import { description } from "./bindings.ts";
import { fraction, integer } from "./quantities.ts";
import { colour, email, name, oneOf, permissionPattern, secret, text, time, toggle, url } from "./scalars.ts";
import { mapOf, namesOf } from "./shapes.ts";

/** The sections of an org that say how the app behaves for it. */
export const settingSections = {
  security: z
    .strictObject({
      require_mfa: toggle(
        "Nobody may do anything without a second factor; false where nothing is said",
      ).optional(),
      allow_user_key_override: toggle(
        "Users may bring their own keys; false where nothing is said",
      ).optional(),
    })
    .meta({ description: "How safe sign-in has to be" })
    .optional(),
  trace: z
    .strictObject({
      mode: oneOf("Which traces are kept; none where nothing is said", [
        "all",
        "errors_only",
        "sampled",
        "none",
      ]).optional(),
      sample_rate: fraction("The share of traces that is kept; with mode: sampled only").optional(),
      retention_days: integer("How long they are kept; 30 where nothing is said", 1, 36_500).optional(),
    })
    .meta({ description: "Which traces are kept; counts whole, not field by field, over templates" })
    .optional(),
  branding: z
    .strictObject({
      primary: colour("The main colour").optional(),
      secondary: colour("The second colour").optional(),
      accent: colour("The colour that stands out").optional(),
      font: text("The font family", 200).optional(),
      logo: url("The logo").optional(),
      logo_dark: url("The logo on a dark ground").optional(),
      favicon: url("The favicon").optional(),
      favicon_dark: url("The favicon on a dark ground").optional(),
    })
    .meta({ description: "How the app looks" })
    .optional(),
  banner: z
    .strictObject({
      message: text("What it says", 1_000).optional(),
      variant: oneOf("How urgent it looks; info where nothing is said", [
        "info",
        "warning",
        "error",
      ]).optional(),
      dismissible: toggle("Whether people can close it; true where nothing is said").optional(),
      from: time("From when it is shown").optional(),
      until: time("Until when it is shown").optional(),
    })
    .superRefine((written, context) => {
      // Written empty it takes away what was declared, as any section does.
      if (written.message !== undefined || Object.keys(written).length === 0) return;
      const code = { code: "missing-field" };
      context.addIssue({ code: "custom", message: "", path: ["message"], params: code });
    })
    .meta({
      description: "A message to everyone in the org; counts whole over templates",
      anyOf: [{ required: ["message"] }, { maxProperties: 0 }],
    })
    .optional(),
  api_keys: mapOf(
    name("A key"),
    z
      .strictObject({
        description: description().optional(),
        scopes: namesOf("What it may do, as permissions", permissionPattern("A permission")).optional(),
        expires: time("When it ceases to work").optional(),
      })
      .meta({ description: "An API key to be minted; the key itself never stands here" }),
  )
    .meta({ description: "API keys, by name" })
    .optional(),
  webhooks: mapOf(
    name("A webhook"),
    z
      .strictObject({
        description: description().optional(),
        url: url("Where events are sent"),
        events: namesOf("Which events; all where nothing is said", text("An event", 200)).optional(),
        secret: secret("Where the signing secret is kept").optional(),
        enabled: toggle("Whether it is in use; true where nothing is said").optional(),
      })
      .meta({ description: "A webhook" }),
  )
    .meta({ description: "Webhooks, by name" })
    .optional(),
  notifications: mapOf(
    name("A topic"),
    z
      .strictObject({
        email: namesOf("Who is told by email", email("An address")).optional(),
        webhooks: namesOf("Which webhooks are told").optional(),
        enabled: toggle("Whether it is in use; true where nothing is said").optional(),
      })
      .meta({ description: "Who is told of a topic" }),
  )
    .meta({ description: "Who is told of what, by topic" })
    .optional(),
};
