import type { Field } from "./field.ts";

type Fields = Record<string, Field>;

/** What a role is, in the catalog or in an org. */
export const roleFields = {
  name: { type: "text" },
  description: { type: "text" },
  inherits: { type: "names", default: [] },
  grants: { type: "json", default: [] },
  across: { type: "text" },
  at_least: { type: "integer", default: 0 },
} as const satisfies Fields;

/** For how long something holds, and why. */
export const windowFields = {
  starts: { type: "time" },
  until: { type: "time" },
  reason: { type: "text" },
} as const satisfies Fields;

/** What is set for a place against the catalog: in the whole org where no place is named. */
export const overrideFields = {
  workspace: { type: "reference", to: "workspace" },
  environment: { type: "reference", to: "environment" },
  value: { type: "json" },
  ...windowFields,
} as const satisfies Fields;
