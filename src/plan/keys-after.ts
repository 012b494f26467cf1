import { byCodeUnit } from "../model/value.ts";
import type { Change, ScopePlan } from "./plan.ts";

/** A key's name in an org, as the database has it: minted, declared, or one of them. */
export interface KeyFound {
  readonly orgId: string;
  readonly org: string;
  readonly name: string;
  readonly isDeclared: boolean;
  /** There is a key of it that was neither revoked nor is over. */
  readonly isMinted: boolean;
}

export interface NamedKey {
  readonly org: string;
  readonly name: string;
}

/** How manifests and minted keys fit together once a plan is applied; each list by org and name. */
export interface KeysAfter {
  /** Declared and not minted. */
  readonly unminted: readonly NamedKey[];
  /** Minted, and with this plan declared no more. */
  readonly ceasing: readonly NamedKey[];
  /** Minted before, and with this plan declared again. */
  readonly resuming: readonly NamedKey[];
}

/** The keys that a plan declares or declares no more, by org id and name: of these the database has to be asked. */
export function keysTouched(scopes: readonly ScopePlan[]): readonly { orgId: string; name: string }[] {
  return scopes.flatMap(({ orgId, changes }) =>
    changes.filter(isOfKey).map(({ key }) => ({ orgId, name: key })),
  );
}

/** What becomes of keys by a plan; null where there is nothing to say. What a plan declares that has ended by then needs no key. */
export function keysAfter(
  found: readonly KeyFound[],
  scopes: readonly ScopePlan[],
  now: string,
): KeysAfter | null {
  const names = new Map(found.map((key) => [nameOf(key.orgId, key.name), key]));
  const after = { unminted: [] as NamedKey[], ceasing: [] as NamedKey[], resuming: [] as NamedKey[] };
  const slugs = new Map(scopes.map(({ orgId, org }) => [orgId, org]));
  for (const { orgId, org, changes } of scopes) {
    for (const change of changes.filter(isOfKey)) {
      const before = names.get(nameOf(orgId, change.key));
      names.delete(nameOf(orgId, change.key));
      const key = { org: org ?? "", name: change.key };
      if (change.action === "delete") {
        if (before?.isMinted) after.ceasing.push(key);
      } else if (before?.isMinted) after.resuming.push(key);
      else if (!hasEnded(change, now)) after.unminted.push(key);
    }
  }
  for (const { orgId, org, name, isDeclared, isMinted } of names.values()) {
    if (isDeclared && !isMinted) after.unminted.push({ org: slugs.get(orgId) ?? org, name });
  }
  const { unminted, ceasing, resuming } = after;
  if (unminted.length + ceasing.length + resuming.length === 0) return null;
  return {
    unminted: unminted.toSorted(byName),
    ceasing: ceasing.toSorted(byName),
    resuming: resuming.toSorted(byName),
  };
}

/** An update leaves a key declared as it was. */
function isOfKey({ kind, action }: Change): boolean {
  return kind === "api_key" && action !== "update";
}

function hasEnded(change: Change, now: string): boolean {
  const expires = change.action === "create" ? change.after.expires : null;
  return typeof expires === "string" && Date.parse(expires) <= Date.parse(now);
}

function nameOf(orgId: string, name: string): string {
  return `${orgId} ${name}`;
}

function byName(a: NamedKey, b: NamedKey): number {
  return byCodeUnit(a.org, b.org) || byCodeUnit(a.name, b.name);
}
