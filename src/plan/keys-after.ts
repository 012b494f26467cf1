import { byCodeUnit, type Value } from "../model/value.ts";
import type { Change, FieldChange, ScopePlan } from "./plan.ts";

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
  /** Minted, and with this plan declared no more, or over. */
  readonly ceasing: readonly NamedKey[];
  /** Minted before, and with this plan declared again, or over no more. */
  readonly resuming: readonly NamedKey[];
}

/** The keys whose declaration a plan makes, ends, or has end at another time, by org id and name: of these the database has to be asked. */
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
      const isMinted = names.get(nameOf(orgId, change.key))?.isMinted === true;
      names.delete(nameOf(orgId, change.key));
      const key = { org: org ?? "", name: change.key };
      const isInForce = inForce(change, now);
      if (!isMinted && isInForce.after) after.unminted.push(key);
      if (isMinted && isInForce.before && !isInForce.after) after.ceasing.push(key);
      if (isMinted && !isInForce.before && isInForce.after) after.resuming.push(key);
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

/** Other updates leave a key declared as it was. */
function isOfKey(change: Change): boolean {
  return change.kind === "api_key" && (change.action !== "update" || endMoved(change) !== undefined);
}

/** Whether a key is declared, and not over by its manifest, before a change and after it. */
function inForce(change: Change, now: string): { readonly before: boolean; readonly after: boolean } {
  const isAhead = (expires: Value | undefined) =>
    typeof expires !== "string" || Date.parse(expires) > Date.parse(now);
  if (change.action === "create") return { before: false, after: isAhead(change.after.expires) };
  if (change.action === "delete") return { before: isAhead(change.before.expires), after: false };
  const end = endMoved(change);
  return { before: isAhead(end?.before), after: isAhead(end?.after) };
}

function endMoved({ fields }: Extract<Change, { action: "update" }>): FieldChange | undefined {
  return fields.find(({ field }) => field === "expires");
}

function nameOf(orgId: string, name: string): string {
  return `${orgId} ${name}`;
}

function byName(a: NamedKey, b: NamedKey): number {
  return byCodeUnit(a.org, b.org) || byCodeUnit(a.name, b.name);
}
