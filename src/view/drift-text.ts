import { printable } from "../diagnostic/printable.ts";
import { descriptorOf, type Kind } from "../model/kinds.ts";
import type { Writer } from "../model/state.ts";
import { sameValue, type Value } from "../model/value.ts";
import type { Change, FieldChange } from "../plan/plan.ts";
import { valueText } from "./value-text.ts";

/** What something else did, and what the plan makes of it, a line each; none where there is no drift. */
export function driftTexts(change: Change): string[] {
  if (change.action === "update") {
    return change.fields.flatMap((field) => driftText(change.kind, field) ?? []);
  }
  if (!change.drift) return [];
  return change.action === "create"
    ? [`drift: ${partText(change, change.after)}deleted by ${writerText(change.drift)}; will be put back`]
    : [`drift: ${partText(change, change.before)}made by ${writerText(change.drift)}; will be removed`];
}

/** `owner in web `: which part of the resource it is about, for a reader who sees them as one. */
function partText({ kind }: Change, fields: Readonly<Record<string, Value>>): string {
  const { partOf } = descriptorOf(kind);
  return partOf ? `${printable(partOf.text(fields))} ` : "";
}

/** `drift: role was admin, set to owner by psql/postgres on 2026-11-20 14:02; will be put back`; null without drift. */
export function driftText(kind: Kind, { field, before, after, drift }: FieldChange): string | null {
  if (!drift) return null;
  const name = field === "catalog_role" ? "role" : field;
  const [applied, set, next] = [drift.applied, before, after].map((value) => valueText(kind, field, value));
  const outcome = sameValue(drift.applied, after) ? "will be put back" : `Git now says ${next}`;
  return `drift: ${name} was ${applied}, set to ${set} by ${writerText(drift.by)}; ${outcome}`;
}

/** `psql/postgres on 2026-11-20 14:02`: with what, as which database user, for whom and when, in UTC. */
export function writerText({ application, login, actor, at }: Writer): string {
  const who = [application, login].filter((part) => part !== null).join("/");
  const whom = actor === null ? "" : ` for ${actor}`;
  return printable(`${who}${whom} on ${at.slice(0, 16).replace("T", " ")}`);
}
