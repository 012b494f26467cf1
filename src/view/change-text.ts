import { printable } from "../diagnostic/printable.ts";
import { addressOf } from "../model/address.ts";
import { descriptorOf, type Kind } from "../model/kinds.ts";
import { canonicalText, isList, sameValue, type Value } from "../model/value.ts";
import type { Change, Create, FieldChange } from "../plan/plan.ts";
import { type DiffLine, lineDiff } from "./line-diff.ts";
import { isLong, valueLines } from "./value-lines.ts";
import { isMap, itemText, plainText, valueText } from "./value-text.ts";

/** A resource of the plan with everything that changes of it, its parts included. */
export interface ShownChange {
  readonly symbol: "+" | "~" | "-";
  /** The address within its org: `member/ana@acme.example`. */
  readonly name: string;
  /** What changes, piece by piece; in one line where that is short enough. */
  readonly pieces: readonly Piece[];
  /** The change that says where it is declared. */
  readonly change: Change;
  /** All of them: the whole's, then its parts'. */
  readonly changes: readonly Change[];
}

/** One thing that changes, safe to print. */
export interface Piece {
  /** `status`, `attributes.region`, `roles`; empty where a sentence says it all. */
  readonly name: string;
  /** `active → suspended`, `+ admin, - owner`; empty where only the diff says it. */
  readonly said: string;
  /** What differs inside a long value. */
  readonly diff: readonly DiffLine[];
}

/** Groups a scope's changes by the resource that a reader knows: roles that are held belong to their member. */
export function shownChanges(org: string | null, changes: readonly Change[]): ShownChange[] {
  return [...groupsOf(changes).values()].map((group) => {
    const [first] = group as [Change, ...Change[]];
    const whole = first.partOf ? null : first;
    const { kind, key } = first.partOf ?? first;
    const address = addressOf(org, kind, key);
    const parts = whole ? group.slice(1) : group;
    return {
      symbol: whole ? symbols[whole.action] : "~",
      name: address.slice((org ?? "catalog").length + 1) || "org",
      pieces: [...(whole ? wholePieces(whole) : []), ...partPieces(whole, parts)],
      // A role that is taken away stands nowhere any more; one that is added says where its member is.
      change: whole ?? group.find(({ path }) => path !== null) ?? first,
      changes: group,
    };
  });
}

const symbols = { create: "+", update: "~", delete: "-" } as const;

/** The changes of every resource that a reader knows, the whole's first. */
export function groupsOf(changes: readonly Change[]): ReadonlyMap<string, readonly Change[]> {
  const groups = new Map<string, Change[]>();
  for (const change of changes) {
    const { kind, key } = change.partOf ?? change;
    const name = `${kind} ${key}`;
    const group = groups.get(name);
    if (!group) groups.set(name, [change]);
    else if (change.partOf) group.push(change);
    else group.unshift(change);
  }
  return groups;
}

function wholePieces(change: Change): Piece[] {
  if (change.action === "create") return saidFields(change);
  if (change.action === "delete") return [];
  const { managed, managedBefore } = change;
  const pieces = change.fields.flatMap((field) => fieldPieces(change.kind, field));
  if (managed === null && managedBefore === null) return pieces;
  if (managed === null) return [...pieces, sentence("let go: the row stays, the manifests no longer own it")];
  if (managedBefore === null)
    return [...pieces, sentence("adopted: it was there, from now on the manifests own it")];
  return pieces.length === 0
    ? [sentence(`now owned by the manifests: ${newlyOwned(managedBefore, managed)}`)]
    : pieces;
}

function sentence(said: string): Piece {
  return { name: "", said, diff: [] };
}

function newlyOwned(before: readonly string[], after: readonly string[]): string {
  const gained = after.filter((field) => !before.includes(field));
  const lost = before.filter((field) => !after.includes(field));
  return printable(gained.length > 0 ? gained.join(", ") : `no longer ${lost.join(", ")}`);
}

/** What a new resource says of itself: the fields that differ from what it would be anyway. */
function saidFields(change: Create): Piece[] {
  const { fields, identity } = descriptorOf(change.kind);
  return Object.entries(fields).flatMap(([name, field]) => {
    const value = change.after[name] ?? null;
    const usual = "default" in field ? (field.default ?? null) : null;
    const isOwn = change.managed?.includes(name) ?? true;
    const isSaid = identity.includes(name) || value === change.key;
    if (!isOwn || isSaid || value === null || sameValue(value, usual)) return [];
    if (typeof value === "string" && value.includes("\n")) {
      return [{ name, said: "", diff: lineDiff([], valueLines(name, value)) }];
    }
    return [{ name, said: valueText(change.kind, name, value), diff: [] }];
  });
}

function fieldPieces(kind: Kind, { field, before, after }: FieldChange): Piece[] {
  const name = printable(field);
  if (isMap(before) && isMap(after)) return mapPieces(kind, field, before, after);
  if (isList(before) && isList(after)) {
    const moved = movedItems(field, before, after);
    if (moved !== "" && !isLong(moved, moved)) return [{ name, said: moved, diff: [] }];
  }
  const texts = [valueText(kind, field, before), valueText(kind, field, after)] as const;
  return [beforeAndAfter(name, { before, after, texts })];
}

/** `+ admin, - owner`; empty where only the order differs. */
function movedItems(field: string, before: readonly Value[], after: readonly Value[]): string {
  const had = new Set(before.map(canonicalText));
  const has = new Set(after.map(canonicalText));
  return [
    ...before.filter((item) => !has.has(canonicalText(item))).map((item) => `- ${itemText(field, item)}`),
    ...after.filter((item) => !had.has(canonicalText(item))).map((item) => `+ ${itemText(field, item)}`),
  ].join(", ");
}

interface TwoValues {
  readonly before: Value;
  readonly after: Value;
  /** Both in one line. */
  readonly texts: readonly [before: string, after: string];
}

function beforeAndAfter(name: string, { before, after, texts }: TwoValues): Piece {
  const said = `${texts[0]} → ${texts[1]}`;
  if (!isLong(before, texts[0]) && !isLong(after, texts[1])) return { name, said, diff: [] };
  const diff = lineDiff(valueLines(name, before), valueLines(name, after));
  // What only moves a blank or a line's end shows in no line.
  if (diff.every(({ sign }) => sign === " ")) return { name, said, diff: [] };
  return { name, said: "", diff };
}

function mapPieces(
  kind: Kind,
  field: string,
  before: { readonly [name: string]: Value },
  after: { readonly [name: string]: Value },
): Piece[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const at = (map: { readonly [name: string]: Value }, name: string) =>
    (Object.hasOwn(map, name) ? map[name] : null) ?? null;
  const text = (name: string, value: Value) =>
    kind === "plan_version" && value !== null
      ? valueText(kind, field, { [name]: value }).slice(printable(name).length + 4, -2)
      : plainText(value);
  return names
    .filter((name) => !sameValue(at(before, name), at(after, name)))
    .map((name) => {
      const values = { before: at(before, name), after: at(after, name) };
      const texts = [text(name, values.before), text(name, values.after)] as const;
      return beforeAndAfter(printable(`${field}.${name}`), { ...values, texts });
    });
}

function partPieces(whole: Change | null, parts: readonly Change[]): Piece[] {
  const byName = new Map<string, string[]>();
  for (const part of parts) {
    const { partOf } = descriptorOf(part.kind);
    if (!partOf) continue;
    const sign = { create: "+ ", update: "~ ", delete: "- " }[part.action];
    const text = `${whole?.action === part.action && part.action !== "update" ? "" : sign}${partText(part)}`;
    const texts = byName.get(partOf.shownAs) ?? [];
    texts.push(printable(text));
    byName.set(partOf.shownAs, texts);
  }
  return [...byName].map(([name, texts]) => ({ name, said: texts.join(", "), diff: [] }));
}

function partText(part: Change): string {
  const text = descriptorOf(part.kind).partOf?.text;
  if (part.action === "create") return text?.(part.after) ?? part.key;
  if (part.action === "delete") return text?.(part.before) ?? part.key;
  const fields = part.fields.flatMap(({ field, before, after }) => [
    `${field} ${valueText(part.kind, field, before)} → ${valueText(part.kind, field, after)}`,
  ]);
  const name = part.key.slice((part.partOf?.key.length ?? -1) + 1);
  if (fields.length > 0) return `${name}: ${fields.join(", ")}`;
  return `${name} (${part.managed === null ? "let go" : "adopted"})`;
}
