import { randomFrom } from "../random.ts";
import { orgSlug } from "./permission-fixture.ts";

export const planNames = ["free", "starter", "pro", "enterprise"] as const;
export type PlanName = (typeof planNames)[number];

/** The plans that a flag may be on for, and for which share of their orgs. */
export const flaggedPlans: readonly PlanName[] = ["pro", "enterprise"];
export const flaggedPercent = 50;
export const flagNames = Array.from({ length: 50 }, (_, index) => `flag_${String(index).padStart(2, "0")}`);

export interface FlagOrg {
  readonly id: string;
  readonly plan: PlanName;
  readonly country: string;
  readonly seats: number;
}

export interface FlagRequest {
  readonly flag: string;
  /** Its index among the orgs. */
  readonly org: number;
}

/** What every library is asked. Each spreads orgs in its own way, so that only shares can be foretold. */
export interface FlagFixture {
  readonly flags: readonly string[];
  readonly plans: readonly PlanName[];
  readonly percent: number;
  readonly orgs: readonly FlagOrg[];
  readonly requests: readonly FlagRequest[];
}

export interface FlagSize {
  readonly orgs: number;
  readonly requests: number;
}

export const usualFlags: FlagSize = { orgs: 10_000, requests: 65_536 };

/** Fifty flags with one rule each: on for half of the orgs on two of four plans, off for everyone else. */
export function flagFixture({ orgs, requests }: FlagSize): FlagFixture {
  const random = randomFrom(7);
  const countries = ["DE", "US", "FR", "JP", "BR"] as const;
  return {
    flags: flagNames,
    plans: flaggedPlans,
    percent: flaggedPercent,
    orgs: Array.from({ length: orgs }, (_, index) => ({
      id: orgSlug(index),
      plan: random.pick(planNames),
      country: random.pick(countries),
      seats: random.between(1, 500),
    })),
    requests: Array.from({ length: requests }, () => ({
      flag: flagNames[random.between(0, flagNames.length - 1)] as string,
      org: random.between(0, orgs - 1),
    })),
  };
}

/** How many answers cannot be right: any on outside of the plans, and all of those within if they are not about half on. */
export function wrongFlags({ orgs, requests }: FlagFixture, answers: readonly boolean[]): number {
  let within = 0;
  let on = 0;
  let wrong = 0;
  for (const [index, isOn] of answers.entries()) {
    const plan = orgs[requests[index]?.org ?? -1]?.plan ?? "free";
    if (flaggedPlans.includes(plan)) {
      within += 1;
      if (isOn) on += 1;
    } else if (isOn) wrong += 1;
  }
  const percent = (100 * on) / within;
  return Math.abs(percent - flaggedPercent) <= 5 ? wrong : wrong + within;
}
