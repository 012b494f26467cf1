import type { AttributeSpec, Condition } from "../model/condition.ts";
import type { FlagRule } from "../model/flag-rule.ts";
import type { PermissionScope } from "../model/grant.ts";
import type { Price } from "../model/price.ts";
import type { EntitlementValue, FeatureType, Rate } from "../model/quantity.ts";
import type { Value } from "../model/value.ts";
import type { BucketOf } from "./bucket.ts";
import type { Truth } from "./condition.ts";
import type { EntitlementDecision } from "./decide-entitlement.ts";
import type { FlagDecision, Undetermined } from "./decide-flag.ts";
import type { RateLimitDecision } from "./decide-rate-limit.ts";
import type { Placed } from "./override.ts";
import type { PlanInForce } from "./plan-in-force.ts";
import type { Attributes, Question } from "./question.ts";
import type { RoleSets } from "./role-set.ts";
import type { Settings } from "./settings.ts";

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
  /** By product, what its orgs have while they have nothing else. */
  readonly fallbacks: ReadonlyMap<string, PlanInForce>;
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
  /** Who is in which share of a rollout, and of a split: null where the salt is not known. */
  readonly rolloutBucket: BucketOf | null;
  readonly splitBucket: BucketOf | null;
  readonly variants: Attributes | null;
  readonly rules: readonly RuleSnapshot[];
  readonly otherwise: FlagDecision;
  /** What it was made from. */
  readonly declared: { readonly default: Value; readonly rules: readonly FlagRule[] };
}

export interface RuleSnapshot {
  /** `catalog/flag/new_dashboard#rules/0` */
  readonly address: string;
  readonly test: Test | null;
  /** What the test was made from. */
  readonly condition: Condition | null;
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
  /** What it is called; null where nobody said. */
  readonly name: string | null;
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
  /** How the app behaves for it; null where it says nothing of that. */
  readonly settings: Settings | null;
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
  /** null: no roles in the whole org. */
  readonly inOrg: HeldRoles | null;
  /** null: no roles in any one place. */
  readonly elsewhere: RolesElsewhere | null;
  readonly key: string;
  /** What never changes, and spreads members over a rollout; null where it is not known. */
  readonly id: string | null;
  readonly userId: string | null;
  readonly email: string | null;
  readonly attributes: Attributes;
  /** Also those above the teams that name the member. */
  readonly teams: readonly string[];
}

/** The roles that a member holds in some places only, by the key of the place. */
export interface RolesElsewhere {
  readonly inWorkspaces: ReadonlyMap<string, HeldRoles>;
  readonly inEnvironments: ReadonlyMap<string, HeldRoles>;
  readonly onResources: ReadonlyMap<string, HeldRoles>;
}

/** Roles that are held at one place. One object for everyone who holds the same roles of the catalog directly. */
export interface HeldRoles {
  readonly set: RoleSet;
  /** By role, the team by which it is held; null: by the member itself. */
  readonly teams: readonly (string | null)[];
  /** Those of them that, held at org level, count in every workspace; null: none. */
  readonly across: HeldRoles | null;
}

/** What several roles say together, by the permission's index; null where they say nothing of it. */
export interface RoleSet {
  /** The names of its roles, in the order of their addresses. */
  readonly roles: readonly string[];
  readonly verdicts: readonly (SetVerdict | null)[];
}

export interface SetVerdict {
  /** What allows it whatever is asked; null where anything depends on a condition, or denies. */
  readonly always: SetClause | null;
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
  /** Times in milliseconds, NaN for what is no time; null, which takes no memory, where none is given. */
  readonly nextFrom: number | null;
  readonly starts: number | null;
  readonly ends: number | null;
  readonly trialEnds: number | null;
  readonly renews: boolean;
}

export interface TraceSnapshot {
  readonly mode: string;
  readonly sampleRate: number;
  readonly retentionDays: number;
  /** null where the org says nothing of tracing. */
  readonly address: string | null;
}
