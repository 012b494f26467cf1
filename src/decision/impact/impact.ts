import type { Condition } from "../../model/condition.ts";
import type { EntitlementValue, Rate } from "../../model/quantity.ts";
import type { Value } from "../../model/value.ts";
import type { RateLimitSource } from "../decide-rate-limit.ts";
import type { Reason } from "../reason.ts";

/**
 * What a plan decides differently for people, by evaluating every question before and after it. Equal effects are one
 * entry with everyone whom it concerns; entries and names are sorted, so that equal plans have equal impacts.
 */
export interface Impact {
  readonly kind: "impact";
  readonly orgs: readonly OrgEffect[];
  /** Members who had some permission, and have none because they are suspended or no member any more. */
  readonly loseEverything: readonly LostMember[];
  readonly permissions: readonly PermissionEffect[];
  readonly secondFactor: readonly SecondFactorEffect[];
  readonly flags: readonly FlagEffect[];
  readonly entitlements: readonly EntitlementEffect[];
  readonly plans: readonly PlanEffect[];
  readonly rateLimits: readonly RateLimitEffect[];
  readonly pending: readonly PendingEffect[];
  readonly keys: readonly KeyEffect[];
  readonly ssoLost: readonly SsoLost[];
  readonly traces: readonly TraceEffect[];
  readonly money: Money;
  /** What ends, begins or changes by itself within 30 days, of the orgs whose rows the plan changes; soonest first. */
  readonly lapses: readonly Lapse[];
}

/** An org that comes or goes as a whole; its members are counted, not listed. */
export interface OrgEffect {
  readonly org: string;
  /** `stopped` is suspended, archived or deleted, and all its members lose everything; `started` the opposite. */
  readonly change: "new" | "gone" | "stopped" | "started";
  /** Its status after the plan; before it, where the org is gone. */
  readonly status: string;
  /** Active members, of the side on which they have rights. */
  readonly members: number;
}

export interface LostMember {
  readonly org: string;
  readonly member: string;
  readonly because: "removed" | "suspended";
}

/** What a member may do at one place: never, always, or as the case may be. */
export type Standing = "never" | "always" | ConditionalStanding;

export interface ConditionalStanding {
  /** Any of these has to hold; none: it is allowed unless. */
  readonly when: readonly Condition[];
  /** None of these may hold. */
  readonly unless: readonly Condition[];
}

/** Permissions that move alike for some members, by the same role. */
export interface PermissionEffect {
  /** `changes`: both before and after it depends on conditions. */
  readonly direction: "gains" | "loses" | "changes";
  readonly permissions: readonly string[];
  readonly before: Standing;
  readonly after: Standing;
  /** The role that gives it, gave it, or denies it now. */
  readonly role: string;
  /** It is lost because that role denies it. */
  readonly isDenied: boolean;
  readonly holders: readonly HolderEffect[];
}

/**
 * What is told of a place is so in every place within it, but for those that are named here or have an effect of their
 * own for the same permission: the nearest place that is named counts.
 */
export interface HolderEffect {
  readonly org: string;
  readonly member: string;
  readonly place: Place;
  /** Workspaces, environments and resources within it where this is not so, with all that is in them. */
  readonly except: readonly string[];
  /** The team by which the role is held; null: directly. */
  readonly team: string | null;
}

/** `org`: the whole org; `workspaces`: every workspace, by a role that reaches across them. */
export type Place =
  | { readonly in: "org" | "workspaces" }
  | { readonly in: "workspace" | "environment" | "resource"; readonly name: string };

/** Members who are not services need a second factor from now on, or no more. */
export interface SecondFactorEffect {
  readonly org: string;
  readonly isRequired: boolean;
  readonly members: number;
}

/** A flag that answers otherwise than before. */
export interface FlagEffect {
  readonly flag: string;
  readonly before: FlagAnswer;
  readonly after: FlagAnswer;
  readonly at: readonly FlagPlace[];
  /** How many orgs this answer flips in, of those that were asked. */
  readonly orgs: number;
  readonly ofOrgs: number;
  /** How many members it flips for, where the flag asks about members; else null. */
  readonly members: number | null;
  readonly ofMembers: number | null;
}

export interface FlagAnswer {
  readonly value: Value;
  readonly variant: string | null;
  /**
   * `share`: it is within a rollout or a split. `undetermined`: that cannot be known yet, because an id or the flag's
   * salt is missing, and this is what it is until then. `missing`: the flag is not there.
   */
  readonly certainty: "answer" | "share" | "undetermined" | "missing";
}

export interface FlagPlace {
  readonly org: string;
  /** `web` or `web/live`; null: the whole org. */
  readonly place: string | null;
  /** Places within it that keep another answer. */
  readonly except: readonly string[];
  /** Members for whom it flips; null where the flag does not ask about members. */
  readonly members: number | null;
}

/** What an org has of a feature, where that moves. */
export interface EntitlementEffect {
  readonly feature: string;
  readonly before: EntitlementValue | null;
  readonly after: EntitlementValue | null;
  readonly why: EntitlementCause;
  readonly at: readonly EntitlementPlace[];
}

export interface EntitlementPlace {
  readonly org: string;
  /** A workspace or environment with an override of its own; null: the whole org. */
  readonly place: string | null;
  /** Places within it that keep what they have, or get something else. */
  readonly except: readonly string[];
}

export interface EntitlementCause {
  readonly before: Reason;
  readonly after: Reason;
}

/** A plan that is in force instead of another. `team@2`; null: none. */
export interface PlanEffect {
  readonly product: string;
  readonly before: string | null;
  readonly after: string | null;
  readonly orgs: readonly string[];
}

/** How often orgs may do something, where that moves. null: there is no such limit. */
export interface RateLimitEffect {
  readonly limit: string;
  readonly before: Rate | null;
  readonly after: Rate | null;
  /** Who says so on either side; null: nobody. */
  readonly why: { readonly before: RateLimitSource | null; readonly after: RateLimitSource | null };
  readonly orgs: readonly string[];
}

/** What those who are no members yet will hold once they come in, where that moves; empty: nothing, or no way in. */
export interface PendingEffect {
  readonly by: "invitation" | "join";
  readonly before: readonly PromisedGrant[];
  readonly after: readonly PromisedGrant[];
  readonly at: readonly RowPlace[];
}

export type PromisedGrant = { readonly role: string; readonly place: Place } | { readonly team: string };

/** Scopes that API keys have from now on, or have no more. */
export interface KeyEffect {
  readonly gains: readonly string[];
  readonly loses: readonly string[];
  readonly at: readonly RowPlace[];
}

/** A row of an org, by its key: an invitation's address, a join rule's domain, an API key's name. */
export interface RowPlace {
  readonly org: string;
  readonly key: string;
}

/** An org without SSO from now on, and how many of its active people have an address of its SSO domains. */
export interface SsoLost {
  readonly org: string;
  readonly members: number;
  readonly ofMembers: number;
}

/** Which executions are recorded otherwise than before. */
export interface TraceEffect {
  readonly before: TraceCapture;
  readonly after: TraceCapture;
  readonly orgs: readonly string[];
}

export interface TraceCapture {
  readonly mode: string;
  /** Counts with `sampled` only; 1 elsewhere. */
  readonly sampleRate: number;
  readonly retentionDays: number;
}

/** What subscriptions cost more (or less, with a sign) a month. Annual prices count a twelfth, trials nothing. */
export interface Money {
  readonly total: readonly MonthlyDifference[];
  readonly orgs: readonly { readonly org: string; readonly monthly: readonly MonthlyDifference[] }[];
  /** Orgs with a paid subscription whose price says no amount for its cycle, or none by the month. */
  readonly unpriced: readonly string[];
}

export interface MonthlyDifference {
  readonly currency: string;
  /** Decimal text, rounded to hundredths: `-1451.00`. Totals are rounded once, at the end. */
  readonly amount: string;
}

export interface Lapse {
  /** Canonical time. */
  readonly at: string;
  readonly org: string;
  /** `acme/subscription/platform` */
  readonly address: string;
  readonly what: LapseKind;
  /** What follows, where that is known: the next plan. */
  readonly next: string | null;
}

export type LapseKind = "trial ends" | "ends" | "changes plan" | "begins" | "expires" | "is purged";
