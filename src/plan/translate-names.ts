import { descriptorOf, type Kind } from "../model/kinds.ts";
import type { Resource } from "../model/state.ts";
import { isList, type Value } from "../model/value.ts";
import type { PlannedScope } from "./make-plan.ts";

/**
 * Writes the names that a plan gives where rows from before it still say the earlier ones by name, not by reference:
 * what roles inherit, and the plans that conditions ask for.
 */
export function translateNames(
  resources: readonly Resource[],
  scopes: readonly PlannedScope[],
): readonly Resource[] {
  const roles = renamesOf(scopes, ["role", "catalog_role"]);
  const plans = renamesOf(scopes, ["plan"]);
  if (roles.size === 0 && plans.size === 0) return resources;
  return resources.map((each) => {
    const { inherits = null, grants = null, rules = null } = each.fields;
    return {
      ...each,
      fields: {
        ...each.fields,
        ...(isList(inherits) && { inherits: inherits.map((name) => renamed(name, roles)) }),
        ...(isList(grants) && { grants: grants.map((grant) => withCondition(grant, plans)) }),
        ...(isList(rules) && { rules: rules.map((rule) => withCondition(rule, plans)) }),
      },
    };
  });
}

type Renames = ReadonlyMap<string, string>;

function renamesOf(scopes: readonly PlannedScope[], kinds: readonly Kind[]): Renames {
  const renames = new Map<string, string>();
  for (const { matched } of scopes) {
    for (const { kind, key, desired, actual, before } of matched.pairs) {
      if (!desired || !actual || !kinds.includes(kind)) continue;
      const earlier = descriptorOf(kind).key(before);
      if (earlier !== key) renames.set(earlier, key);
    }
  }
  return renames;
}

function renamed(value: Value, renames: Renames): Value {
  if (isList(value)) return value.map((each) => renamed(each, renames));
  return typeof value === "string" ? (renames.get(value) ?? value) : value;
}

function withCondition(conditional: Value, plans: Renames): Value {
  if (!isMap(conditional)) return conditional;
  return { ...conditional, if: withPlans(conditional.if ?? null, plans) };
}

/** A condition that asks for the plans by their new names. */
function withPlans(condition: Value, plans: Renames): Value {
  if (isList(condition)) return condition.map((each) => withPlans(each, plans));
  if (!isMap(condition)) return condition;
  const { attribute, value = null } = condition;
  if (attribute === "org.plan" || attribute === "org.plans")
    return { ...condition, value: renamed(value, plans) };
  return Object.fromEntries(Object.entries(condition).map(([name, each]) => [name, withPlans(each, plans)]));
}

function isMap(value: Value): value is { readonly [name: string]: Value } {
  return typeof value === "object" && value !== null && !isList(value);
}
