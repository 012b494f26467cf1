import { v7 as uuidv7 } from "uuid";
import type { Database } from "../database/connect.ts";
import { inTransaction } from "../database/in-transaction.ts";
import type { Transaction } from "../database/transaction.ts";
import type { Impact } from "../decision/impact/impact.ts";
import type { Diagnostic } from "../diagnostic/diagnostic.ts";
import { placeText } from "../diagnostic/position.ts";
import { spanOf } from "../manifest/place.ts";
import type { Path } from "../model/state.ts";
import { canonicalTime } from "../model/value.ts";
import type { Baseline } from "../plan/baseline.ts";
import { type MadePlan, makePlan, type PlannedScope } from "../plan/make-plan.ts";
import type { Plan } from "../plan/plan.ts";
import { statesOf } from "../plan/scope-states.ts";
import { nextDueOf } from "./baselines.ts";
import { checkDecisions } from "./check-decisions.ts";
import { discoverManifests } from "./discover-manifests.ts";
import { type Gathered, type GatheredStates, gatherStates } from "./gather-states.ts";
import { loadManifests } from "./load-manifests.ts";
import { weighImpact } from "./weigh-impact.ts";

/** A plan with all that a reviewer has to know of it. */
export interface Review {
  readonly plan: Plan;
  readonly impact: Impact | null;
  /** `tenants/orgs/acme.yaml:31`, where a path of an org or of the catalog is declared. */
  readonly declaredAt: (org: string | null, path: Path) => string | null;
  readonly diagnostics: readonly [];
}

/** Manifests that no plan is made from. */
export interface FaultyManifests {
  readonly plan: null;
  readonly diagnostics: readonly Diagnostic[];
}

export interface ReviewOptions {
  readonly dir: string;
  /** The estate that is asked for by name. */
  readonly estate?: string | undefined;
  readonly now: Date;
  /** Takes no short cut, and must come to the same. */
  readonly refresh?: boolean | undefined;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/**
 * Compares the manifests with the database, in one snapshot of it, and says what would change, what stands in the
 * way and what it decides. Files and orgs that are as they were last applied are neither parsed nor read.
 */
export async function reviewEstate(
  database: Database,
  options: ReviewOptions,
): Promise<Review | FaultyManifests> {
  const { dir, estate, now, refresh = false } = options;
  const found = discoverManifests(dir, estate);
  if (found.diagnostics.length > 0) return faulty(options);
  const snapshot = { isolation: "repeatable read", readOnly: true } as const;
  return inTransaction(database, "apply", snapshot, async (transaction) => {
    const gathered = await gatherStates(transaction, {
      files: found.files,
      now,
      refresh,
      undeclared: "if managed",
      onProgress: options.onProgress,
    });
    const { states } = gathered;
    if (!states) return unchanged(gathered, now);
    if (states.diagnostics.length > 0) return faulty(options);
    const failed = checkDecisions(states.desired, states.manifests, canonicalTime(now.toISOString()));
    if (failed.length > 0) return faulty(options);
    return review(transaction, { ...gathered, states }, options);
  });
}

/** Everything that can be said against the manifests, also against what was not looked at. */
function faulty({ dir, estate, now }: ReviewOptions): FaultyManifests {
  return { plan: null, diagnostics: loadManifests(dir, { now, estate }).diagnostics };
}

async function review(
  transaction: Transaction,
  gathered: Gathered & { readonly states: GatheredStates },
  { now }: ReviewOptions,
): Promise<Review> {
  const { states, orgCount, looked, others } = gathered;
  // Version 7 ids begin with the time, so that new rows stand together in every index.
  const inputs = { now: canonicalTime(now.toISOString()), newId: () => uuidv7() };
  const made = makePlan(states.desired, states.actual, inputs);
  const plan: Plan = {
    ...made.plan,
    base: { ...made.plan.base, noted: gathered.estate.noted },
    orgCount,
    looked,
    baselines: baselines(made, states, now.getTime()),
  };
  const impact = await weighImpact(transaction, { planned: made.planned, others, now: now.getTime() });
  return {
    plan,
    impact,
    diagnostics: [],
    declaredAt: (org, path) => {
      const place = states.manifests.place(org, path);
      return place && placeText(spanOf(place)).replace(/:\d+$/, "");
    },
  };
}

/** What apply is to note of everything that was looked at, so that the next plan need not. */
function baselines({ planned }: MadePlan, { baselines: notes }: GatheredStates, now: number): Baseline[] {
  return planned.map((scope: PlannedScope): Baseline => {
    const note = notes.get(scope.org) ?? { sourceDigest: null, desiredDigest: null, sources: null };
    return { orgId: scope.orgId, ...note, nextDue: nextDueOf(statesOf(scope).after ?? [], now) };
  });
}

/** The plan of an estate in which nothing had to be looked at. */
function unchanged({ estate, orgCount, looked }: Gathered, now: Date): Review {
  return {
    plan: {
      kind: "plan",
      now: canonicalTime(now.toISOString()),
      base: { ...estate, counters: new Map() },
      catalogIds: new Map(),
      scopes: [],
      findings: [],
      allowed: [],
      notes: [],
      headroom: [],
      orgCount,
      looked,
      baselines: [],
    },
    impact: null,
    diagnostics: [],
    declaredAt: () => null,
  };
}
