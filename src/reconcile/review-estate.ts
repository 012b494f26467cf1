import { v7 as uuidv7 } from "uuid";
import type { Database } from "../database/connect.ts";
import { inTransaction } from "../database/in-transaction.ts";
import type { Transaction } from "../database/transaction.ts";
import type { Impact } from "../decision/impact/impact.ts";
import type { Diagnostic } from "../diagnostic/diagnostic.ts";
import { placeText } from "../diagnostic/position.ts";
import { spanOf } from "../manifest/place.ts";
import { addressOf } from "../model/address.ts";
import type { Kind } from "../model/kinds.ts";
import type { Path } from "../model/state.ts";
import { byCodeUnit, canonicalTime } from "../model/value.ts";
import { letPass } from "../plan/allow.ts";
import type { Baseline } from "../plan/baseline.ts";
import { forgetFaults } from "../plan/forget-faults.ts";
import type { KeysAfter } from "../plan/keys-after.ts";
import type { MadePlan, PlannedScope } from "../plan/make-plan.ts";
import type { Finding, Plan } from "../plan/plan.ts";
import { checkDecisions } from "./check-decisions.ts";
import { type DiscoveredManifests, discoverManifests } from "./discover-manifests.ts";
import { failingTests } from "./failing-tests.ts";
import { type Gathered, type GatheredStates, gatherStates } from "./gather-states.ts";
import { isFault } from "./judged-by-brakes.ts";
import { keysOf } from "./keys-of-plan.ts";
import { loadManifests } from "./load-manifests.ts";
import { planInContext } from "./plan-in-context.ts";
import { wasDeclared } from "./was-declared.ts";
import { weighPlan } from "./weigh-plan.ts";

/** A plan with all that a reviewer has to know of it. */
export interface Review {
  readonly plan: Plan;
  readonly impact: Impact | null;
  /** What becomes of keys; null where there is nothing to say. */
  readonly keys: KeysAfter | null;
  /** `tenants/orgs/acme.yaml:31`, where a path of an org or of the catalog is declared. */
  readonly declaredAt: (org: string | null, path: Path) => string | null;
  /** Where a row that goes was declared when it was last applied. */
  readonly wasDeclaredAt: (org: string | null, kind: Kind, key: string) => string | null;
  /** What is wrong with what was to be let pass or let go of, one sentence each: nothing may be applied then. */
  readonly faults: readonly string[];
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
  /** The files, where somebody has read them already. */
  readonly found?: DiscoveredManifests | undefined;
  readonly now: Date;
  /** Takes no short cut, and must come to the same. */
  readonly refresh?: boolean | undefined;
  /** What is let pass once, as `over-limit:globex`. */
  readonly allow?: readonly string[] | undefined;
  /** Archives the orgs that the manifests made and declare no more. */
  readonly prune?: boolean | undefined;
  /** The orgs and workspaces to let go of: `acme`, `acme/workspace/web`. */
  readonly forget?: readonly string[] | undefined;
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
  const found = options.found ?? discoverManifests(dir, estate);
  if (found.diagnostics.length > 0) return faulty(options, found.diagnostics);
  const snapshot = { isolation: "repeatable read", readOnly: true } as const;
  return inTransaction(database, "apply", snapshot, async (transaction) => {
    const gathered = await gatherStates(transaction, {
      files: found.files,
      now,
      refresh,
      // What is to be let go of by name has to be found, whatever became of it.
      undeclared: options.forget?.length ? "all" : "if managed",
      onProgress: options.onProgress,
    });
    const { states } = gathered;
    if (!states) return unchanged(transaction, gathered, options);
    const faults = states.diagnostics.filter(isFault);
    if (faults.length > 0) return faulty(options, faults);
    const at = canonicalTime(now.toISOString());
    const failed = checkDecisions(states.desired, states.manifests, at, new Set(options.allow)).filter(
      isFault,
    );
    if (failed.length > 0) return faulty(options, failed);
    return review(transaction, { ...gathered, states }, options);
  });
}

/** Everything that can be said against the manifests, also against what was not looked at. */
function faulty({ dir, estate, now }: ReviewOptions, found: readonly Diagnostic[]): FaultyManifests {
  const diagnostics = loadManifests(dir, { now, estate }).diagnostics.filter(isFault);
  // Somebody may have mended the files in between: a plan is made of what was found first.
  return { plan: null, diagnostics: diagnostics.length > 0 ? diagnostics : found };
}

async function review(
  transaction: Transaction,
  { states, orgCount, looked, others, estate }: Gathered & { readonly states: GatheredStates },
  { now, dir, allow = [], prune = false, forget = [] }: ReviewOptions,
): Promise<Review> {
  const { desired, actual, manifests } = states;
  const made = await planInContext(
    transaction,
    { desired, actual, others },
    {
      now: canonicalTime(now.toISOString()),
      // Version 7 ids begin with the time, so that new rows stand together in every index.
      newId: () => uuidv7(),
      prune,
      forget: new Set(forget),
      allow: new Set(allow),
    },
  );
  const read = new Set(made.planned.map(({ orgId }) => orgId));
  const weighed = {
    planned: made.planned,
    others: others.filter(({ orgId }) => !read.has(orgId)),
    now: now.getTime(),
  };
  const brakes = await weighPlan(transaction, weighed);
  const found = [
    ...made.plan.findings,
    ...brakes.findings,
    ...failingTests(desired, manifests, new Set(allow)),
  ];
  const { findings, allowed, faults } = letPass(found, allow);
  const plan: Plan = {
    ...made.plan,
    base: { ...made.plan.base, noted: estate.noted },
    findings: findings.toSorted(bySubject),
    allowed: allowed.toSorted(bySubject),
    notes: [...made.plan.notes, ...brakes.notes],
    headroom: brakes.headroom,
    orgCount,
    looked,
    baselines: baselines(made, states, brakes.due),
  };
  const gone = await wasDeclared(transaction, plan.scopes, { catalog: states.catalog, dir });
  return {
    plan,
    impact: brakes.impact,
    keys: await keysOf(transaction, plan),
    faults: [...faults, ...forgetFaults(forget, desired, actual)],
    diagnostics: [],
    declaredAt: (org, path) => {
      const place = manifests.place(org, path);
      return place && placeText(spanOf(place)).replace(/:\d+$/, "");
    },
    wasDeclaredAt: (org, kind, key) => gone.get(addressOf(org, kind, key)) ?? null,
  };
}

function bySubject(a: Finding, b: Finding): number {
  return byCodeUnit(a.subject, b.subject) || byCodeUnit(a.code, b.code);
}

/** What apply is to note of everything that was looked at, so that the next plan need not. */
function baselines(
  { planned }: MadePlan,
  { baselines: notes }: GatheredStates,
  due: ReadonlyMap<string, string | null>,
): Baseline[] {
  return planned.map((scope: PlannedScope): Baseline => {
    const note = notes.get(scope.org) ?? { sourceDigest: null, desiredDigest: null, sources: null };
    return { orgId: scope.orgId, ...note, nextDue: due.get(scope.orgId) ?? null };
  });
}

/** The plan of an estate in which nothing had to be looked at. */
async function unchanged(
  transaction: Transaction,
  { estate, orgCount, looked }: Gathered,
  { now, allow = [] }: ReviewOptions,
): Promise<Review> {
  const plan: Plan = {
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
  };
  return {
    plan,
    impact: null,
    keys: await keysOf(transaction, plan),
    faults: letPass([], allow).faults,
    diagnostics: [],
    declaredAt: () => null,
    wasDeclaredAt: () => null,
  };
}
