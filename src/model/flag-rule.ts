import type { Condition } from "./condition.ts";
import type { Value } from "./value.ts";

export type FlagType = "boolean" | "string" | "number" | "object";

/**
 * One rule of a flag; the first that matches decides. A rule has `serve` or `split`.
 * Where the flag has variants, `serve` (like the flag's `default` and every override) names one of them.
 */
export type FlagRule = {
  /** null: for everyone. Unknown never serves: it goes on to the next rule. */
  readonly if: Condition | null;
  readonly serve: Value;
  /** Variants by percentage; what is left of 100 goes on to the next rule. */
  readonly split: { readonly [variant: string]: number } | null;
  /** The percentage that the rule is for; whoever is outside goes on to the next rule. */
  readonly rollout: number | null;
  /** Whether orgs or members are spread over rollout and split. */
  readonly by: "org" | "member";
};
