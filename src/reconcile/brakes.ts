import { compileCatalog } from "../decision/compile-catalog.ts";
import { countedKinds } from "../decision/over-limits.ts";
import type { CatalogSnapshot } from "../decision/snapshot.ts";
import type { Kind } from "../model/kinds.ts";
import type { Resource } from "../model/state.ts";
import { versionInUse } from "../plan/find-uses.ts";
import type { PlannedScope } from "../plan/make-plan.ts";
import type { Change, Finding, Note } from "../plan/plan.ts";
import { statesOf } from "../plan/scope-states.ts";
import { type ChangedFallback, changedFallbacks, fallbacksUsed } from "./changed-fallbacks.ts";
import { judgeHolders } from "./judge-holders.ts";
import { judgeLimits } from "./judge-limits.ts";

/** An org before a plan and after it, with rows of every origin; null where it is not there. */
export interface JudgedOrg {
  readonly slug: string;
  readonly before: readonly Resource[] | null;
  readonly after: readonly Resource[] | null;
  /** None where only the catalog changes something for it. */
  readonly changes: readonly Change[];
}

/** What orgs are judged by. */
export interface Judging {
  readonly before: CatalogSnapshot;
  /** The very same where the catalog stays as it is. */
  readonly after: CatalogSnapshot;
  /** Milliseconds since 1970. */
  readonly now: number;
}

export interface Judgement {
  readonly findings: readonly Finding[];
  readonly notes: readonly Note[];
}

/**
 * Judges what the rules say of the final state of the database: holders of roles that must be held, limits, and plans'
 * versions that orgs live on. It stops what the plan makes so or makes worse, and notes what was so before.
 */
export interface Brakes {
  /** The kinds of rows by which orgs are judged that only the catalog reaches; empty where it reaches none. */
  readonly kinds: ReadonlySet<Kind>;
  readonly judge: (org: JudgedOrg) => void;
  readonly result: () => Judgement;
}

/** The brakes of a plan with this catalog, at a time in milliseconds. */
export function brakesOf(catalog: PlannedScope, now: number): Brakes {
  const states = statesOf(catalog);
  const before = compileCatalog(states.before ?? []);
  const after = catalog.changes.length === 0 ? before : compileCatalog(states.after ?? []);
  const judging: Judging = { before, after, now };
  const fallbacks = changedFallbacks(catalog, before);
  const findings: Finding[] = [];
  const notes: Note[] = [];
  const users = new Map<string, string[]>();
  return {
    kinds: kindsElsewhere(catalog, after, fallbacks),
    judge(org) {
      for (const subject of fallbacksUsed(org, fallbacks, judging))
        users.set(subject, [...(users.get(subject) ?? []), org.slug]);
      for (const judgement of [judgeHolders(org, judging), judgeLimits(org, judging)]) {
        findings.push(...judgement.findings);
        notes.push(...judgement.notes);
      }
    },
    result: () => ({
      findings: [...findings, ...[...users].map(([subject, by]) => versionInUse(subject, by))],
      notes,
    }),
  };
}

const ofHolders: readonly Kind[] = ["org", "role", "member", "team", "team_member", "binding"];
const ofPlans: readonly Kind[] = ["org", "subscription"];

function kindsElsewhere(
  { changes }: PlannedScope,
  { features }: CatalogSnapshot,
  fallbacks: readonly ChangedFallback[],
): ReadonlySet<Kind> {
  const selling: readonly Kind[] = ["feature", "product", "plan", "plan_version"];
  const counted = [...features.values()].flatMap(({ counts }) => countedKinds.get(counts ?? "") ?? []);
  return new Set<Kind>([
    ...(changes.some(demandsHolders) ? ofHolders : []),
    ...(changes.some(({ kind }) => selling.includes(kind)) && counted.length > 0
      ? ([...ofPlans, "entitlement", ...counted] as const)
      : []),
    ...(fallbacks.length > 0 ? ofPlans : []),
  ]);
}

function demandsHolders(change: Change): boolean {
  if (change.kind !== "catalog_role") return false;
  if (change.action === "create") return Number(change.after.at_least ?? 0) > 0;
  return change.action === "update" && change.fields.some(({ field }) => field === "at_least");
}
