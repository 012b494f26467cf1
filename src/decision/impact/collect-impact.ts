import type { Kind } from "../../model/kinds.ts";
import type { Resource } from "../../model/state.ts";
import { compileOrg, type OrgSource } from "../compile-org.ts";
import type { CatalogSnapshot } from "../snapshot.ts";
import { affectedKinds, movesRights } from "./affected-kinds.ts";
import { type CatalogDifference, catalogDifference } from "./catalog-difference.ts";
import { type AddDecidedByCatalog, decidedByCatalog } from "./decided-by-catalog.ts";
import { entitlementEffects } from "./entitlement-effects.ts";
import { flagEffects } from "./flag-effects.ts";
import type { Impact, Lapse, OrgEffect, SsoLost } from "./impact.ts";
import { keyEffects } from "./key-effects.ts";
import { bySoonest, lapsesOf } from "./lapses.ts";
import { moneyEffects } from "./money-effects.ts";
import { type Moves, movesBetween } from "./moves.ts";
import { type OrgPair, orgPair } from "./org-pair.ts";
import { pendingEffects } from "./pending-effects.ts";
import { peopleEffects } from "./people-effects.ts";
import { permissionEffects } from "./permission-effects.ts";
import { rateLimitEffects } from "./rate-limit-effects.ts";
import { byOrg, ssoLost } from "./sso-lost.ts";
import { traceEffects } from "./trace-effects.ts";

export interface ImpactContext {
  readonly before: CatalogSnapshot;
  readonly after: CatalogSnapshot;
  /** Milliseconds since 1970; both sides are asked at this time. */
  readonly now: number;
}

/** One org before and after, under the slug that it has afterwards. At least one of the two is there. */
export interface OrgStates {
  /** null: the org is not there before. */
  readonly before: OrgSource | null;
  /**
   * null: it is gone. The very same object as before where only the catalog differs; then it may hold the rows of the
   * `affectedKinds` alone.
   */
  readonly after: OrgSource | null;
}

export interface ImpactCollector {
  /** Evaluates one org; its rows are not kept. */
  readonly add: (states: OrgStates) => void;
  readonly result: () => Impact;
}

/** Evaluates orgs before and after, one by one, and gathers what is decided differently. */
export function collectImpact(context: ImpactContext): ImpactCollector {
  const effects = noEffectsYet(context);
  const difference = catalogDifference(context.before, context.after);
  const kinds = affectedKinds(context.before, context.after);
  const addRights = decidedByCatalog({ ...context, difference, moves: effects.moves });
  const change: CatalogChange = { ...context, difference, kinds, addRights };
  return {
    add({ before, after }) {
      if (before === after) {
        if (before && kinds.size > 0) addSameRows(before, change, effects);
      } else if (before && after) addOtherRows(before, after, context, effects);
      else addWhole(before, after, context, effects);
    },
    result: () => ({
      kind: "impact",
      orgs: effects.orgs.sort(byOrg),
      loseEverything: effects.people.loseEverything(),
      permissions: effects.permissions.result(),
      secondFactor: effects.people.secondFactor(),
      flags: effects.flags.result(),
      entitlements: effects.entitlements.entitlements(),
      plans: effects.entitlements.plans(),
      rateLimits: effects.rateLimits.result(),
      pending: effects.pending.result(),
      keys: effects.keys.result(),
      ssoLost: effects.ssoLost.sort(byOrg),
      traces: effects.traces.result(),
      money: effects.money.result(),
      lapses: effects.lapses.sort(bySoonest),
    }),
  };
}

interface Effects {
  readonly moves: Moves;
  readonly orgs: OrgEffect[];
  readonly permissions: ReturnType<typeof permissionEffects>;
  readonly people: ReturnType<typeof peopleEffects>;
  readonly flags: ReturnType<typeof flagEffects>;
  readonly entitlements: ReturnType<typeof entitlementEffects>;
  readonly rateLimits: ReturnType<typeof rateLimitEffects>;
  readonly pending: ReturnType<typeof pendingEffects>;
  readonly keys: ReturnType<typeof keyEffects>;
  readonly ssoLost: SsoLost[];
  readonly traces: ReturnType<typeof traceEffects>;
  readonly money: ReturnType<typeof moneyEffects>;
  readonly lapses: Lapse[];
}

function noEffectsYet({ before, after, now }: ImpactContext): Effects {
  const moves = movesBetween(before, after);
  const permissions = permissionEffects(moves);
  return {
    moves,
    orgs: [],
    permissions,
    people: peopleEffects(permissions, now),
    flags: flagEffects(now),
    entitlements: entitlementEffects(now),
    rateLimits: rateLimitEffects(now),
    pending: pendingEffects(now),
    keys: keyEffects(now),
    ssoLost: [],
    traces: traceEffects(),
    money: moneyEffects(now),
    lapses: [],
  };
}

/** An org whose rows change: everything is asked. */
function addOtherRows(before: OrgSource, after: OrgSource, context: ImpactContext, effects: Effects): void {
  const pair = orgPair(
    compileOrg(context.before, { ...before, slug: after.slug }),
    compileOrg(context.after, after),
  );
  addStatus(pair, effects);
  if (isActive(pair)) {
    effects.people.add(pair);
    addEntitlements(pair, after, context.now, effects);
    effects.rateLimits.add(pair);
    effects.pending.add(before, after);
    effects.keys.add(before, after);
  }
  effects.flags.add(pair, new Set([...context.before.flags.keys(), ...context.after.flags.keys()]));
  effects.traces.add(pair);
  effects.money.add(pair.before, pair.after);
  effects.lapses.push(...lapsesOf(after, context.now));
}

function isActive({ before, after }: OrgPair): boolean {
  return before.status === "active" && after.status === "active";
}

function addEntitlements(pair: OrgPair, source: OrgSource, now: number, effects: Effects): void {
  effects.entitlements.add(pair);
  const lost = ssoLost(pair, source, now);
  if (lost) effects.ssoLost.push(lost);
}

/** An org that stops or starts as a whole, with the members whose rights go or come. */
function addStatus({ before, after, members }: OrgPair, effects: Effects): void {
  const [was, is] = [before.status === "active", after.status === "active"];
  if (was === is) return;
  const count = members.filter((each) => (was ? each.before : each.after)?.status === "active").length;
  effects.orgs.push({
    org: after.slug,
    change: was ? "stopped" : "started",
    status: after.status,
    members: count,
  });
}

/** An org that is new or gone: its people are counted, and what it pays. */
function addWhole(
  before: OrgSource | null,
  after: OrgSource | null,
  context: ImpactContext,
  effects: Effects,
): void {
  const source = after ?? before;
  if (!source) return;
  const catalog = after ? context.after : context.before;
  const org = compileOrg(catalog, only(source, new Set<Kind>(["org", "subscription"])));
  const members = source.resources.filter(
    ({ kind, fields }) => kind === "member" && (fields.status ?? "active") === "active",
  );
  effects.orgs.push({
    org: source.slug,
    change: after ? "new" : "gone",
    status: org.status,
    members: members.length,
  });
  effects.money.add(after ? null : org, after ? org : null);
  if (after) effects.lapses.push(...lapsesOf(after, context.now));
}

interface CatalogChange extends ImpactContext {
  readonly difference: CatalogDifference;
  readonly kinds: ReadonlySet<Kind>;
  readonly addRights: AddDecidedByCatalog;
}

/** An org whose rows stay: only what the catalog's change can move is asked, and only the rows for it are compiled. */
function addSameRows(source: OrgSource, change: CatalogChange, effects: Effects): void {
  const { before, after, difference, now } = change;
  const isInLife = statusOf(source) === "active";
  const needsPeople = isInLife && movesRights(difference) && !change.addRights(source, effects.permissions);
  const { flags, flagsAskMembers, plans, rateLimits, prices } = difference;
  if (!needsPeople && flags.length === 0 && !plans && !rateLimits && !prices) return;
  const kinds = needsPeople || flagsAskMembers ? change.kinds : withoutPeople(change.kinds);
  const rows = only(source, kinds);
  const pair = orgPair(compileOrg(before, rows), compileOrg(after, rows));
  if (needsPeople) effects.people.add(pair);
  if (flags.length > 0) effects.flags.add(pair, flags);
  if (plans && isInLife) addEntitlements(pair, source, now, effects);
  if (rateLimits && isInLife) effects.rateLimits.add(pair);
  if (prices || plans) effects.money.add(pair.before, pair.after);
}

function statusOf({ resources }: OrgSource): string {
  return (resources.find(({ kind }) => kind === "org")?.fields.status as string | undefined) ?? "active";
}

const people: ReadonlySet<Kind> = new Set<Kind>(["member", "team", "team_member", "binding", "role"]);

function withoutPeople(kinds: ReadonlySet<Kind>): ReadonlySet<Kind> {
  return new Set([...kinds].filter((kind) => !people.has(kind)));
}

function only(source: OrgSource, kinds: ReadonlySet<Kind>): OrgSource {
  const isWanted = ({ kind }: Resource) => kind === "org" || kinds.has(kind);
  return { ...source, resources: source.resources.filter(isWanted) };
}
