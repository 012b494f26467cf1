import type { GeneratedOrg } from "./generate-org.ts";

/** A plan that has room for the org's people and workspaces. */
export function subscriptionLines({ random, people, workspaces }: GeneratedOrg): string[] {
  const plan = smallestPlan(people.length, workspaces.length);
  const support = random.chance(0.25) ? ["  care: { plan: care-plus@1, cycle: annual, status: active }"] : [];
  if (plan === null && support.length === 0) return [];
  const status = random.pick(["status: active", "status: active", "status: trial, trial_ends: 2032-02-01"]);
  return [
    "subscriptions:",
    ...(plan === null ? [] : [`  platform: { plan: ${plan}, cycle: ${random.pick(cycles)}, ${status} }`]),
    ...support,
  ];
}

/** What the org has against the catalog: half flags, half entitlements. */
export function overrideLines({ random, overrides }: GeneratedOrg): string[] {
  const flags = flagValues.slice(0, Math.ceil(overrides / 2));
  const entitlements = entitlementValues.slice(0, Math.floor(overrides / 2));
  return [
    ...(entitlements.length === 0 ? [] : ["entitlements:"]),
    ...entitlements.map(([name, value]) => {
      const until = `until: ${random.between(2031, 2035)}-01-01`;
      return `  ${name}: { value: ${value}, ${until}, reason: ${random.pick(reasons)} }`;
    }),
    ...(flags.length === 0 ? [] : ["flags:"]),
    ...flags.map(([name, values]) => `  ${name}: ${random.pick(values)}`),
    "",
  ];
}

/** Null: the plan that everyone has. */
function smallestPlan(members: number, workspaces: number): string | null {
  if (members <= 3 && workspaces <= 1) return null;
  if (members <= 10 && workspaces <= 5) return "team@1";
  if (members <= 50 && workspaces <= 5) return "team@2";
  return "enterprise@1";
}

const cycles = ["monthly", "annual"] as const;
const reasons = ["launch deal", "agreed on renewal", "migration", "paid by invoice"] as const;
const flagValues = [
  ["new_dashboard", ["true", "false"]],
  ["checkout", ["old", "new"]],
  ["bulk_export", ["true", "false"]],
  ["search_v2", ["true", "false"]],
] as const;
const entitlementValues = [
  ["api_calls", "250_000/month"],
  ["audit_export", "true"],
  ["storage_gb", "500"],
  ["support", "premium"],
] as const;
