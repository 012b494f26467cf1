import { kinds } from "../../model/kinds.ts";
import { type Path, type Resource, resource } from "../../model/state.ts";
import type { Value } from "../../model/value.ts";
import { isDeclared } from "./declared.ts";
import { readFlagValue } from "./flags.ts";
import type { OrgScope } from "./org-scope.ts";
import { readEntitlement } from "./values.ts";

interface Override {
  readonly value: Value;
  readonly from?: string | undefined;
  readonly until?: string | undefined;
  readonly reason?: string | undefined;
}

type Overrides = { readonly [name: string]: Override } | undefined;

interface Placed {
  readonly workspace: string | null;
  readonly environment: string | null;
}

export const inWholeOrg: Placed = { workspace: null, environment: null };

/** Flags that are set in an org, a workspace or an environment. */
export function flagResources(scope: OrgScope, flags: Overrides, path: Path, on: Placed): Resource[] {
  return readOverrides(scope, flags, path, "flags").flatMap(({ name, override, at }) => {
    const flag = scope.catalog.flags.get(name);
    const place = scope.place([...at, "value"]);
    const value = flag && readFlagValue(override.value, flag, place, scope.report);
    if (value === undefined) return [];
    const fields = { flag: name, ...on, value, ...windowOf(override) };
    return [resource("flag_override", { key: kinds.flag_override.key(fields), path: at, fields })];
  });
}

/** Entitlements that are given in an org, a workspace or an environment. */
export function entitlementResources(
  scope: OrgScope,
  entitlements: Overrides,
  path: Path,
  on: Placed,
): Resource[] {
  return readOverrides(scope, entitlements, path, "features").flatMap(({ name, override, at }) => {
    const feature = scope.catalog.features.get(name);
    const value =
      feature && readEntitlement(override.value, feature, scope.place([...at, "value"]), scope.report);
    if (value === undefined) return [];
    const fields = { feature: name, ...on, value: value as Value, ...windowOf(override) };
    return [resource("entitlement", { key: kinds.entitlement.key(fields), path: at, fields })];
  });
}

/** Rate limits of the org. */
export function rateLimitResources(scope: OrgScope): Resource[] {
  return readOverrides(scope, scope.content.rate_limits, ["rate_limits"], "rate_limits").map(
    ({ name, override, at }) => {
      const { amount, per } = override.value;
      return resource("rate_limit", {
        key: name,
        path: at,
        fields: { name, amount, period: per, ...windowOf(override) },
      });
    },
  );
}

const unknown = {
  flags: "unknown-flag",
  features: "unknown-feature",
  rate_limits: "unknown-rate-limit",
} as const;

function readOverrides<O extends Omit<Override, "value">>(
  scope: OrgScope,
  overrides: { readonly [name: string]: O } | undefined,
  path: Path,
  section: keyof typeof unknown,
) {
  return Object.entries(overrides ?? {}).flatMap(([name, override]) => {
    const at = [...path, name];
    const place = scope.place(at, "key");
    checkWindow(scope, override, at);
    const written = { name, place, code: unknown[section], by: `in the catalog's ${section}` };
    return isDeclared(written, scope.catalog.declared(section), scope.report) ? [{ name, override, at }] : [];
  });
}

const windowOf = ({ from, until, reason }: Omit<Override, "value">) => ({
  starts: from ?? null,
  until: until ?? null,
  reason: reason ?? null,
});

/** Reports what ends before it begins. */
export function checkWindow(
  scope: OrgScope,
  { from, until }: { readonly from?: string | undefined; readonly until?: string | undefined },
  path: Path,
): void {
  if (from === undefined || until === undefined || from < until) return;
  scope.report("wrong-period", scope.place([...path, "until"]), "It has to end after it begins.", [
    { message: "it begins", place: scope.place([...path, "from"]) },
  ]);
}
