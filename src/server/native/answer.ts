import * as z from "zod";
import { decideEntitlement } from "../../decision/decide-entitlement.ts";
import { decideFlag } from "../../decision/decide-flag.ts";
import { decidePermission } from "../../decision/decide-permission.ts";
import type { Question } from "../../decision/question.ts";
import { type Reason, reasons } from "../../decision/reason.ts";
import type { EntitlementValue } from "../../model/quantity.ts";
import type { Value } from "../../model/value.ts";
import type { DecisionTally } from "../decision-tally.ts";

/** The answers of the native API, each counted; whatever is not known is a no, with its reason. */

export function answerPermission(
  question: Question,
  permission: string,
  tally: DecisionTally,
): PermissionAnswer {
  const { isAllowed, reason, decidedBy, through } = decidePermission(question, permission);
  tally.count("permission", isAllowed, reason);
  return { kind: "permission", permission, allowed: isAllowed, reason, decided_by: decidedBy, through };
}

export function answerFlag(question: Question, flag: string, tally: DecisionTally): FlagAnswer {
  const { value, variant, reason, decidedBy } = decideFlag(question, flag);
  tally.count("flag", value !== null, reason);
  return { kind: "flag", flag, value, variant, reason, decided_by: decidedBy };
}

export function answerEntitlement(
  question: Question,
  entitlement: string,
  tally: DecisionTally,
): EntitlementAnswer {
  const { isEntitled, value, reason, decidedBy, through } = decideEntitlement(question, entitlement);
  tally.count("entitlement", isEntitled, reason);
  return {
    kind: "entitlement",
    entitlement,
    entitled: isEntitled,
    value,
    reason,
    decided_by: decidedBy,
    through,
  };
}

const reason = z.enum(Object.keys(reasons) as [Reason, ...Reason[]]).meta({
  title: "Reason",
  description: Object.entries(reasons)
    .map(([name, words]) => `- \`${name}\`: ${words}`)
    .join("\n"),
});

const decidedBy = z.string().nullable().meta({
  description: "The address of what decided it: `catalog/role/editor#grants/1`. Null where nothing did",
});

export const permissionAnswer = z
  .strictObject({
    kind: z.literal("permission"),
    permission: z.string(),
    allowed: z.boolean(),
    reason,
    decided_by: decidedBy,
    through: z.string().nullable().meta({
      description: "The binding by which the role is held: `acme/binding/ana@acme.example:owner`",
    }),
  })
  .meta({ title: "PermissionAnswer" });

export const flagAnswer = z
  .strictObject({
    kind: z.literal("flag"),
    flag: z.string(),
    value: z.custom<Value>().meta({
      description: "Of the type that the flag's values have; null only where the flag is unknown",
    }),
    variant: z
      .string()
      .nullable()
      .meta({ description: "The name of the value, where the flag has variants" }),
    reason,
    decided_by: decidedBy,
  })
  .meta({ title: "FlagAnswer" });

const amount = z.union([z.number(), z.literal("unlimited")]);

export const entitlementAnswer = z
  .strictObject({
    kind: z.literal("entitlement"),
    entitlement: z.string(),
    entitled: z.boolean().meta({
      description: "The switch is on, the limit or quota is above 0, or there is a choice",
    }),
    value: z
      .union([
        z.boolean(),
        z.number(),
        z.string(),
        z
          .strictObject({ amount, per: z.enum(["minute", "hour", "day", "week", "month", "year"]) })
          .meta({ title: "Quota" }),
        z.null(),
      ])
      .meta({
        description:
          "A switch is true or false; a limit a number or `unlimited`; a quota an amount and its period; a choice its name. Without entitlement: false, 0, or null for quotas and choices",
      }) as z.ZodType<EntitlementValue | null>,
    reason,
    decided_by: decidedBy,
    through: z.string().nullable().meta({
      description: "The subscription that brings the plan: `acme/subscription/platform`",
    }),
  })
  .meta({ title: "EntitlementAnswer" });

export type PermissionAnswer = z.infer<typeof permissionAnswer>;
export type FlagAnswer = z.infer<typeof flagAnswer>;
export type EntitlementAnswer = z.infer<typeof entitlementAnswer>;
export type Answer = PermissionAnswer | FlagAnswer | EntitlementAnswer;
