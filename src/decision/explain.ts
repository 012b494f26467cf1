import { type EntitlementExplanation, explainEntitlement } from "./explain-entitlement.ts";
import { explainFlag, type FlagExplanation } from "./explain-flag.ts";
import { explainPermission, type PermissionExplanation } from "./explain-permission.ts";
import type { Question } from "./question.ts";

/** One question's answer, with all that was looked at. */
export type Explained =
  | {
      readonly kind: "permission";
      readonly name: string;
      readonly explanation: PermissionExplanation;
    }
  | { readonly kind: "flag"; readonly name: string; readonly explanation: FlagExplanation }
  | {
      readonly kind: "entitlement";
      readonly name: string;
      readonly explanation: EntitlementExplanation;
      /** What becomes of what several products give. */
      readonly combine: "highest" | "sum";
    };

/** What is asked for: a permission, a flag or a feature, by name. */
export type Wanted = Pick<Explained, "kind" | "name">;

/** Answers a question as the decision itself does, and keeps what was looked at. */
export function explain({ kind, name }: Wanted, question: Question): Explained {
  switch (kind) {
    case "permission":
      return { kind, name, explanation: explainPermission(question, name) };
    case "flag":
      return { kind, name, explanation: explainFlag(question, name) };
    case "entitlement": {
      const combine = question.org.catalog.features.get(name)?.combine ?? "highest";
      return { kind, name, explanation: explainEntitlement(question, name), combine };
    }
  }
}
