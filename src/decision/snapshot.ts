import type { AttributeSpec, Condition } from "../model/condition.ts";
import type { FlagRule } from "../model/flag-rule.ts";
import type { PermissionScope } from "../model/grant.ts";
import type { Price } from "../model/price.ts";
import type { EntitlementValue, FeatureType, Rate } from "../model/quantity.ts";
import type { Value } from "../model/value.ts";
import type { Truth } from "./condition.ts";
import type { EntitlementDecision } from "./decide-entitlement.ts";
import type { FlagDecision, Undetermined } from "./decide-flag.ts";
import type { RateLimitDecision } from "./decide-rate-limit.ts";
import type { Placed } from "./override.ts";
import type { Attributes, Question } from "./question.ts";
import type { RoleSets } from "./role-set.ts";

/** What the vendor offers to every org, compiled for decisions. */
export interface CatalogSnapshot {
  readonly attributes: ReadonlyMap<string, AttributeSpec>;
  readonly permissions: ReadonlyMap<string, PermissionSnapshot>;
  readonly roles: ReadonlyMap<string, RoleSnapshot>;
  /** Makes sets of its own roles, shared by all orgs. */
  readonly roleSets: RoleSets;
  readonly features: ReadonlyMap<string, FeatureSnapshot>;
  /** The first is what `org.plan` means. */
  readonly products: readonly ProductSnapshot[];
  /** By plan and version, `team@2`. */
  readonly planVersions: ReadonlyMap<string, PlanVersionSnapshot>;
  /** The highest version of each plan. */
  readonly latest: ReadonlyMap<string, PlanVersionSnapshot>;
  readonly flags: ReadonlyMap<string, FlagSnapshot>;
  /** What holds where neither an org nor its plans say otherwise. */
  readonly rateLimits: ReadonlyMap<string, RateLimitDecision>;
}

export interface PermissionSnapshot {
  readonly key: string;
  readonly type: string;
  readonly action: string;
  readonly scope: PermissionScope;
  /** Its place in every role's verdicts. */
  readonly index: number;
}

export interface RoleSnapshot {
  readonly name: string;
  readonly address: string;
  /** Held at org level, it also counts in every workspace. */
  readonly isAcross: boolean;
  /** How many active members of every org must hold it. */
  readonly atLeast: number;
  /** By the permission's index; undefined where the role says nothing of it. */
  readonly verdicts: readonly (Verdict | undefined)[];
}

/** What a role says of one permission. A clause without a condition stands alone. */
export interface Verdict {
  readonly allow: readonly Clause[];
  readonly deny: readonly Clause[];
}

export interface Clause {
  readonly test: Test | null;
  /** What the test was made from. */
  readonly condition: Condition | null;
  /** `catalog/role/editor#grants/1` */
  readonly address: string;
}

export type Test = (question: Question) => Truth;

export interface FeatureSnapshot {
  readonly name: string;
  readonly type: FeatureType;
  /** What a limit counts: `members`, or something of the app's. */
  readonly counts: string | null;
  readonly choices: readonly string[];
  readonly combine: "highest" | "sum";
}

export interface ProductSnapshot {
  readonly name: string;
  /** The highest version of its fallback plan. */
  readonly fallback: PlanVersionSnapshot | null;
}

export interface PlanVersionSnapshot {
  readonly key: string;
  readonly plan: string;
  readonly version: number;
  readonly product: string;
  readonly address: string;
  readonly entitlements: ReadonlyMap<string, EntitlementValue>;
  readonly rateLimits: ReadonlyMap<string, Rate>;
  /** By the subscription's cycle: `monthly`, `annual`, `custom`. */
  readonly prices: ReadonlyMap<string, Price>;
}

export interface FlagSnapshot {
  readonly name: string;
  readonly address: string;
  /** null: it is not known yet, and who is in a share cannot be said. */
  readonly salt: string | null;
  readonly variants: Attributes | null;
  readonly rules: readonly RuleSnapshot[];
  readonly otherwise: FlagDecision;
  /** What it was made from. */
  readonly declared: { readonly default: Value; readonly rules: readonly FlagRule[] };
}

export interface RuleSnapshot {
  readonly test: Test | null;
  /** How many buckets it is for; null: all. */
  readonly rollout: number | null;
  readonly by: "org" | "member";
  /** The decision of everyone that it is for, or of those below each bucket. */
  readonly serves: FlagDecision | readonly Share[];
  /** What it leaves behind where it cannot be decided. */
  readonly lacksAttribute: Undetermined;
  readonly lacksBucket: Undetermined;
}

export interface Share {
  readonly below: number;
  readonly decision: FlagDecision;
}

/** One tenant, compiled for decisions. */
export interface OrgSnapshot {
  readonly catalog: CatalogSnapshot;
  readonly id: string | null;
  readonly slug: string;
  readonly status: string;
  /** Milliseconds since 1970; null where it is not known. */
  readonly createdAt: number | null;
  readonly attributes: Attributes;
  readonly requiresMfa: boolean;
  readonly workspaces: ReadonlySet<string>;
  /** By workspace and slug, `web/live`. */
  readonly environments: ReadonlyMap<string, EnvironmentSnapshot>;
  /** By type, then by name. */
  readonly resources: ReadonlyMap<string, ReadonlyMap<string, KnownResource>>;
  /** By key, address and user id. */
  readonly members: ReadonlyMap<string, MemberSnapshot>;
  readonly subscriptions: ReadonlyMap<string, SubscriptionSnapshot>;
  readonly flags: ReadonlyMap<string, Placed<FlagDecision>>;
  readonly entitlements: ReadonlyMap<string, Placed<EntitlementDecision>>;
  readonly rateLimits: ReadonlyMap<string, Placed<RateLimitDecision>>;
  readonly trace: TraceSnapshot;
}

export interface EnvironmentSnapshot {
  readonly workspace: string;
  readonly slug: string;
  readonly tier: string;
  readonly host: string;
}

export interface KnownResource {
  readonly type: string;
  /** `document/spec` */
  readonly key: string;
  readonly workspace: string | null;
  readonly environment: string | null;
  readonly attributes: Attributes;
}

export interface MemberSnapshot {
  readonly status: string;
  readonly type: string;
  /** null: no roles there. */
  readonly inOrg: HeldRoles | null;
  /** Those held at org level that count in every workspace. */
  readonly across: HeldRoles | null;
  readonly inWorkspaces: ReadonlyMap<string, HeldRoles>;
  readonly inEnvironments: ReadonlyMap<string, HeldRoles>;
  readonly onResources: ReadonlyMap<string, HeldRoles>;
  readonly key: string;
  /** What never changes, and spreads members over a rollout; null where it is not known. */
  readonly id: string | null;
  readonly userId: string | null;
  readonly email: string | null;
  readonly address: string;
  readonly attributes: Attributes;
  /** Also those above the teams that name the member. */
  readonly teams: readonly string[];
}

/** The roles that a member holds at one place. */
export interface HeldRoles {
  readonly set: RoleSet;
  /** By role, the binding by which it is held: `acme/binding/ana@acme.example:owner`. */
  readonly through: readonly string[];
}

/** What several roles say together, by the permission's index; null where they say nothing of it. */
export interface RoleSet {
  /** The names of its roles, in the order of their addresses. */
  readonly roles: readonly string[];
  readonly verdicts: readonly (SetVerdict | null)[];
}

export interface SetVerdict {
  readonly allow: readonly SetClause[];
  readonly deny: readonly SetClause[];
}

export interface SetClause extends Clause {
  /** Which of the set's roles it belongs to. */
  readonly role: number;
}

export interface SubscriptionSnapshot {
  readonly address: string;
  readonly status: string;
  readonly cycle: string;
  readonly quantity: number;
  readonly plan: PlanVersionSnapshot | null;
  readonly nextPlan: PlanVersionSnapshot | null;
  readonly nextFrom: number;
  readonly starts: number;
  readonly ends: number;
  readonly trialEnds: number;
  readonly renews: boolean;
}

export interface TraceSnapshot {
  readonly mode: string;
  readonly sampleRate: number;
  readonly retentionDays: number;
  /** null where the org says nothing of tracing. */
  readonly address: string | null;
}
