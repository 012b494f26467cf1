import type { Kind } from "../model/kinds.ts";
import { countOf } from "./kind-words.ts";
import type { PlannedScope } from "./make-plan.ts";
import { orPassOnce } from "./pass-once.ts";
import type { Finding, Headroom } from "./plan.ts";

/** Fewer removals never stop a plan, whatever share they are. */
export const fewestRemovals = 10;

/** How near a plan's removals come to the guard, and what stops it. */
export interface Removals {
  readonly findings: readonly Finding[];
  readonly headroom: readonly Headroom[];
}

/**
 * Weighs what a plan removes against `guards.max_removals`: of each scope's rows of a kind, and of all orgs' rows
 * together, of which there are `estateRows` before the plan, read or not; null: too few are removed for these to be
 * counted. Purges are none of it: they have a brake of their own. The scopes begin with the catalog.
 */
export function weighRemovals(scopes: readonly PlannedScope[], estateRows: number | null): Removals {
  const limit = limitOf(scopes[0]);
  if (limit === null) return { findings: [], headroom: [] };
  const headroom = scopes.filter(isNoPurge).flatMap((scope) => headroomOf(scope, limit));
  const removals = countRemovals(scopes);
  if (estateRows !== null && removals > 0)
    headroom.push({ org: null, kind: null, removals, of: estateRows, limit });
  const bySubject = new Map<string, Headroom[]>();
  for (const each of headroom.filter(isOver)) {
    const subject = each.org ?? "estate";
    bySubject.set(subject, [...(bySubject.get(subject) ?? []), each]);
  }
  return { findings: [...bySubject].map(([subject, over]) => tooMany(subject, over, limit)), headroom };
}

/** How many rows of orgs a plan removes, purges apart. */
export function countRemovals(scopes: readonly PlannedScope[]): number {
  return scopes
    .filter((scope) => scope.org !== null && isNoPurge(scope))
    .reduce((sum, { changes }) => sum + changes.filter(({ action }) => action === "delete").length, 0);
}

/**
 * The share that may go at once. Of the guard as it is in the database and as it is declared, the stricter: a plan
 * must not loosen the brake that would stop it.
 */
function limitOf(catalog: PlannedScope | undefined): number | null {
  const settings = catalog?.matched.pairs.find(({ kind }) => kind === "catalog");
  const percents = [settings?.before.max_removals, settings?.desired?.fields.max_removals];
  const set = percents.filter((percent) => typeof percent === "number");
  return set.length === 0 ? null : Math.min(...set) / 100;
}

function isNoPurge({ changes }: PlannedScope): boolean {
  return !changes.some(({ kind, action }) => kind === "org" && action === "delete");
}

function headroomOf({ org, matched, changes }: PlannedScope, limit: number): Headroom[] {
  const removals = new Map<Kind, number>();
  for (const { kind, action } of changes)
    if (action === "delete") removals.set(kind, (removals.get(kind) ?? 0) + 1);
  return [...removals].map(([kind, count]): Headroom => {
    const of = matched.pairs.filter((pair) => pair.kind === kind && pair.actual !== null).length;
    return { org: org ?? "catalog", kind, removals: count, of, limit };
  });
}

function isOver({ removals, of, limit }: Headroom): boolean {
  return removals >= fewestRemovals && removals > of * limit;
}

function tooMany(subject: string, over: readonly Headroom[], limit: number): Finding {
  const texts = over.map(({ kind, removals, of }) => {
    const what = kind === null ? `${of} rows of all orgs` : countOf(of, kind);
    return `${removals} of ${what} (${percentOf(removals / of)})`;
  });
  const who = subject === "estate" ? "The estate" : subject === "catalog" ? "The catalog" : subject;
  return {
    code: "max-removals",
    subject,
    message: `${who} would lose ${texts.join(", ")}; guards.max_removals lets ${percentOf(limit)} go at once.`,
    help: orPassOnce("Remove fewer at a time", "max-removals", subject),
    canPass: true,
    at: subject === "estate" ? null : { org: subject === "catalog" ? null : subject, path: [] },
  };
}

function percentOf(share: number): string {
  return `${Number((share * 100).toFixed(1))} %`;
}
