import { addressOf } from "../model/address.ts";
import { descriptorOf, type Kind } from "../model/kinds.ts";
import { isList, sameValue, type Value } from "../model/value.ts";
import type { Change, Create, FieldChange } from "../plan/plan.ts";
import { isMap, itemText, plainText, valueText } from "./value-text.ts";

/** A resource of the plan with everything that changes of it, its parts included. */
export interface ShownChange {
  readonly symbol: "+" | "~" | "-";
  /** The address within its org: `member/ana@acme.example`. */
  readonly name: string;
  /** What changes, piece by piece; in one line where that is short enough. */
  readonly pieces: readonly string[];
  /** The change that says where it is declared. */
  readonly change: Change;
}

/** Groups a scope's changes by the resource that a reader knows: roles that are held belong to their member. */
export function shownChanges(org: string | null, changes: readonly Change[]): ShownChange[] {
  const groups = new Map<
    string,
    { whole: Change | null; readonly parts: Change[]; readonly kind: Kind; readonly key: string }
  >();
  for (const change of changes) {
    const { kind, key } = change.partOf ?? change;
    const name = addressOf(org, kind, key);
    const group = groups.get(name) ?? { whole: null, parts: [], kind, key };
    if (change.partOf) group.parts.push(change);
    else group.whole = change;
    groups.set(name, group);
  }
  return [...groups.values()].map(({ whole, parts, kind, key }) => {
    const address = addressOf(org, kind, key);
    return {
      symbol: whole ? symbols[whole.action] : "~",
      name: address.slice((org ?? "catalog").length + 1) || "org",
      pieces: [...(whole ? wholePieces(whole) : []), ...partPieces(whole, parts)],
      change: whole ?? (parts[0] as Change),
    };
  });
}

const symbols = { create: "+", update: "~", delete: "-" } as const;

function wholePieces(change: Change): string[] {
  if (change.action === "create") {
    return saidFields(change);
  }
  if (change.action === "delete") return [];
  const lines = change.fields.flatMap((field) => fieldLines(change.kind, field));
  if (change.managed === null) return [...lines, "let go: the row stays, the manifests no longer own it"];
  if (change.managedBefore === null)
    return [...lines, "adopted: it was there, from now on the manifests own it"];
  return lines.length === 0
    ? [`now owned by the manifests: ${newlyOwned(change.managedBefore, change.managed)}`]
    : lines;
}

function newlyOwned(before: readonly string[], after: readonly string[]): string {
  const gained = after.filter((field) => !before.includes(field));
  return gained.length > 0
    ? gained.join(", ")
    : `no longer ${before.filter((field) => !after.includes(field)).join(", ")}`;
}

/** What a new resource says of itself: the fields that differ from what it would be anyway. */
function saidFields(change: Create): string[] {
  const { fields, identity } = descriptorOf(change.kind);
  return Object.entries(fields).flatMap(([name, field]) => {
    const value = change.after[name] ?? null;
    const usual = "default" in field ? (field.default ?? null) : null;
    const isOwn = change.managed.includes(name);
    const isSaid = identity.includes(name) || value === change.key;
    if (!isOwn || isSaid || value === null || sameValue(value, usual)) return [];
    return [`${name}  ${valueText(change.kind, name, value)}`];
  });
}

function fieldLines(kind: Kind, { field, before, after }: FieldChange): string[] {
  if (isList(before) && isList(after)) {
    const gone = before.filter((item) => !after.some((other) => sameValue(item, other)));
    const come = after.filter((item) => !before.some((other) => sameValue(item, other)));
    const moved = [
      ...gone.map((item) => `- ${itemText(field, item)}`),
      ...come.map((item) => `+ ${itemText(field, item)}`),
    ];
    if (moved.length > 0) return [`${field}  ${moved.join(", ")}`];
  }
  if (isMap(before ?? null) && isMap(after ?? null))
    return mapLines(kind, field, before as object, after as object);
  return [`${field}  ${valueText(kind, field, before)} → ${valueText(kind, field, after)}`];
}

function mapLines(kind: Kind, field: string, before: object, after: object): string[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const at = (map: object, name: string) =>
    (Object.hasOwn(map, name) ? (map as { [name: string]: Value })[name] : null) ?? null;
  const text = (name: string, value: Value) =>
    kind === "plan_version" && value !== null
      ? valueText(kind, field, { [name]: value }).slice(name.length + 4, -2)
      : plainText(value);
  return names
    .filter((name) => !sameValue(at(before, name), at(after, name)))
    .map((name) => `${field}.${name}  ${text(name, at(before, name))} → ${text(name, at(after, name))}`);
}

function partPieces(whole: Change | null, parts: readonly Change[]): string[] {
  const byName = new Map<string, string[]>();
  for (const part of parts) {
    const { partOf } = descriptorOf(part.kind);
    if (!partOf) continue;
    const sign = { create: "+ ", update: "~ ", delete: "- " }[part.action];
    const text = `${whole?.action === part.action && part.action !== "update" ? "" : sign}${partText(part)}`;
    byName.set(partOf.shownAs, [...(byName.get(partOf.shownAs) ?? []), text]);
  }
  return [...byName].map(([name, texts]) => `${name}  ${texts.join(", ")}`);
}

function partText(part: Change): string {
  const text = descriptorOf(part.kind).partOf?.text;
  if (part.action === "create") return text?.(part.after) ?? part.key;
  if (part.action === "delete") return text?.(part.before) ?? part.key;
  const fields = part.fields.flatMap((field) => fieldLines(part.kind, field));
  const name = part.key.slice((part.partOf?.key.length ?? -1) + 1);
  return fields.length > 0 ? `${name}: ${fields.join(", ")}` : `${name} (adopted)`;
}
