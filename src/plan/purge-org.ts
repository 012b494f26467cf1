import { canonicalTime, type Value } from "../model/value.ts";
import { diff } from "./diff.ts";
import { ledgerOf } from "./drift.ts";
import type { PlannedScope } from "./make-plan.ts";
import type { Pair } from "./match-scope.ts";
import { orPassOnce } from "./pass-once.ts";
import type { Change, FieldChange, Finding, Update } from "./plan.ts";

/** How long a deleted org's rows are kept where its manifest does not say. */
export const daysUntilPurge = 30;

/**
 * The end of an org that the manifests made. One that becomes deleted gets a time for its rows to go, where none is
 * declared; one that comes back loses it. When the time has passed, all rows go, of every origin, which has to be
 * allowed by name.
 */
export function endOrg(scope: PlannedScope, now: string): EndedOrg {
  const unended = { scope, purge: null };
  const org = scope.matched.pairs.find(({ kind }) => kind === "org");
  if (!org?.actual || ledgerOf(org.actual, org.history).managed === null) return unended;
  const change = scope.changes.find(({ id }) => id === org.id);
  // Let go of, it is nobody's to purge.
  if (change?.action === "update" && change.managed === null) return unended;
  const moved = new Map(
    change?.action === "update" ? change.fields.map((one) => [one.field, one.after]) : [],
  );
  const after = (field: string): Value => (moved.has(field) ? moved.get(field) : org.before[field]) ?? null;
  if (moved.has("status") && change?.action === "update")
    return { scope: timePurge(scope, { org, change, now }), purge: null };
  const due = after("purge_after");
  if (after("status") !== "deleted" || typeof due !== "string" || Date.parse(due) > Date.parse(now))
    return unended;
  const rows = scope.matched.pairs.filter(({ actual }) => actual !== null);
  return {
    scope: { ...scope, changes: rows.map((pair) => removal(pair, now)) },
    purge: purgeFindings(scope, { org, due, rows: rows.length }),
  };
}

export interface EndedOrg {
  readonly scope: PlannedScope;
  /** What stops a purge, in place of all else that was found; null where there is none. */
  readonly purge: readonly Finding[] | null;
}

interface Ending {
  readonly org: Pair;
  readonly change: Update;
  readonly now: string;
}

function timePurge(scope: PlannedScope, { org, change, now }: Ending): PlannedScope {
  if (org.desired?.fields.purge_after != null) return scope;
  const isDeleted = change.fields.some(({ field, after }) => field === "status" && after === "deleted");
  const before = org.before.purge_after ?? null;
  const after = isDeleted ? inDays(now, daysUntilPurge) : null;
  const others = change.fields.filter(({ field }) => field !== "purge_after");
  const timed: FieldChange[] = before === after ? [] : [{ field: "purge_after", before, after, drift: null }];
  const ended: Update = { ...change, fields: [...others, ...timed] };
  return { ...scope, changes: scope.changes.map((each) => (each === change ? ended : each)) };
}

function inDays(now: string, days: number): string {
  return canonicalTime(new Date(Date.parse(now) + days * 86_400_000).toISOString());
}

function removal(pair: Pair, now: string): Change {
  const path = pair.desired?.path ?? null;
  return { ...(diff({ ...pair, desired: null }, now) as Change), path };
}

function purgeFindings(
  { org: slug }: PlannedScope,
  { org, due, rows }: { readonly org: Pair; readonly due: string; readonly rows: number },
): Finding[] {
  const subject = slug ?? "";
  const at = org.desired && { org: slug, path: org.desired.path };
  const postpone = org.desired
    ? "To keep it, write a later purge_after, or another status"
    : "Declare it to keep it";
  const findings: Finding[] = [
    {
      code: "purge",
      subject,
      message: `The org "${slug}" is deleted, and its ${rows} ${rows === 1 ? "row was" : "rows were"} to go after ${due}. That cannot be undone; everything of it is exported first.`,
      help: orPassOnce(postpone, "purge", subject),
      canPass: true,
      at,
    },
  ];
  if (org.before.protected === true) {
    findings.push({
      code: "protected",
      subject,
      message: `The org "${slug}" is protected, and would be purged.`,
      help: orPassOnce(
        "Take the protection away first, with protected: false, and apply that",
        "protected",
        subject,
      ),
      canPass: true,
      at,
    });
  }
  return findings;
}
