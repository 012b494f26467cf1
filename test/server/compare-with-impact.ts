import { expect } from "vitest";
import { type Attribute, compileCondition } from "../../src/decision/condition.ts";
import type { Impact, Standing } from "../../src/decision/impact/impact.ts";
import type { OrgSnapshot } from "../../src/decision/snapshot.ts";
import type { Condition } from "../../src/model/condition.ts";
import type { Value } from "../../src/model/value.ts";
import { type Answer, type AnsweredOrg, type Asked, isOfMembers } from "./answered-everywhere.ts";
import {
  type Around,
  aroundOf,
  type Flips,
  flipText,
  readFlips,
  readPermission,
  type ToldPermissions,
  toldPermissions,
} from "./read-impact.ts";

export interface Compared {
  readonly before: ReadonlyMap<string, AnsweredOrg>;
  readonly after: ReadonlyMap<string, AnsweredOrg>;
  readonly impact: Impact;
}

export interface Count {
  readonly questions: number;
  readonly flips: number;
}

/** Holds every answer before and after against what the impact told, in orgs that there are on both sides. */
export function compareWithImpact({ before, after, impact }: Compared): readonly Count[] {
  const isNew = (org: string) => !before.has(org);
  expect(orgsOf(impact, "new")).toEqual([...after.keys()].filter(isNew).sort());
  const permissions = toldPermissions(impact);
  return [...after].flatMap(([slug, now]) => {
    const then = before.get(slug);
    const isIn = (change: string) => orgsOf(impact, change).includes(slug);
    const stops = { before: isIn("started"), after: isIn("stopped") };
    return then ? [compareOrg({ slug, then, now, impact, permissions, stops })] : [];
  });
}

function orgsOf({ orgs }: Impact, change: string): readonly string[] {
  return orgs
    .filter((each) => each.change === change)
    .map(({ org }) => org)
    .sort();
}

interface Sides {
  readonly slug: string;
  readonly then: AnsweredOrg;
  readonly now: AnsweredOrg;
  readonly impact: Impact;
  readonly permissions: ToldPermissions;
  /** Whether the whole org is not active on a side, and is on the other. */
  readonly stops: { readonly before: boolean; readonly after: boolean };
}

function compareOrg(sides: Sides): Count {
  const { then, now, stops } = sides;
  const orgs = [then.org, now.org];
  const flips = { permissions: 0, values: 0 };
  const valuesByPlace = new Map<string, Seen>();
  const questions = new Set([...then.answers.keys(), ...now.answers.keys()]);
  for (const question of questions) {
    const [was, is] = [then.answers.get(question), now.answers.get(question)];
    const { asked, place } = (was ?? is) as Answer;
    const around = aroundIn(orgs, place);
    // Of places that are new, gone or elsewhere now nothing is said.
    if (around === null) continue;
    if (asked.permission !== undefined) {
      if (orgs.some((org) => lacksPlace(asked.permission ?? "", place, org))) continue;
      const [earlier, later] = [was?.value === true, is?.value === true];
      if (earlier !== later) flips.permissions += 1;
      expectPermission({ asked, around, earlier, later }, sides);
    } else if (asked.entitlement !== undefined && (stops.before || stops.after)) {
      // Told once for the org: it has nothing where it is not active.
      expect([false, 0, null]).toContain((stops.before ? was : is)?.value);
    } else see(valuesByPlace, { asked, place, around, was, is }, orgs);
  }
  for (const { what, asked, flips: seen, around } of valuesByPlace.values()) {
    flips.values += seen.size;
    const told = readFlips(
      asked.flag === undefined ? entitlementEffects(sides, asked) : flagEffects(sides, asked),
      sides.slug,
      around,
    );
    expect({ what, flips: sorted(seen) }).toEqual({ what, flips: sorted(told) });
  }
  return { questions: questions.size, flips: flips.permissions + flips.values };
}

/** null: the place is not the same on both sides. */
function aroundIn(orgs: readonly OrgSnapshot[], place: string | null): Around | null {
  if (place === null) return aroundOf(null);
  const [one, other] = orgs.map(({ workspaces, environments, resources }) => {
    if (workspaces.has(place) || environments.has(place)) return aroundOf(place);
    const [type = "", id = ""] = place.split("/");
    const resource = resources.get(type)?.get(id);
    return resource ? [place, ...aroundOf(resource.environment ?? resource.workspace)] : null;
  });
  return one && other && one.join() === other.join() ? one : null;
}

/** Without a workspace named it is a no unless it is allowed in all of them, of which nothing is told apart. */
function lacksPlace(
  permission: string,
  place: string | null,
  { catalog, environments }: OrgSnapshot,
): boolean {
  const scope = catalog.permissions.get(permission)?.scope ?? "org";
  return scope === "org" ? false : scope === "workspace" ? place === null : !environments.has(place ?? "");
}

interface PermissionSeen {
  readonly asked: Asked;
  readonly around: Around;
  readonly earlier: boolean;
  readonly later: boolean;
}

function expectPermission(
  { asked, around, earlier, later }: PermissionSeen,
  { slug, then, now, impact, permissions, stops }: Sides,
): void {
  const expected = (was: boolean, is: boolean) => {
    expect({ slug, asked, was: earlier, is: later }).toEqual({ slug, asked, was, is });
  };
  if (stops.before || stops.after) {
    expected(!stops.before && earlier, !stops.after && later);
    return;
  }
  const isLost = ({ org, member }: Impact["loseEverything"][number]) =>
    org === slug && member === asked.member;
  if (impact.loseEverything.some(isLost)) {
    expected(earlier, false);
    return;
  }
  const told = readPermission(permissions, `${slug} ${asked.member} ${asked.permission}`, around);
  if (told === null) {
    // Told once for the org: whoever says nothing of a second factor is asked for one.
    if (impact.secondFactor.some(({ org }) => org === slug) && asked.context?.mfa !== true) return;
    expected(earlier, earlier);
    return;
  }
  const isHeld = (standing: Standing, org: OrgSnapshot) => hasFactor(org, asked) && isSo(standing, asked);
  expected(isHeld(told.before, then.org), isHeld(told.after, now.org));
}

function hasFactor({ requiresMfa, members }: OrgSnapshot, { member, context }: Asked): boolean {
  return !requiresMfa || context?.mfa === true || members.get(member ?? "")?.type === "service";
}

/** What is left open of a condition is about the request and the resource alone. */
function isSo(standing: Standing, asked: Asked): boolean {
  if (typeof standing === "string") return standing === "always";
  const truths = (conditions: readonly Condition[]) =>
    conditions.map((condition) => compileCondition(condition, openAttribute)(asked));
  const isAllowed = standing.when.length === 0 || truths(standing.when).includes("true");
  return isAllowed && truths(standing.unless).every((truth) => truth === "false");
}

function openAttribute(name: string): Attribute<Asked> {
  const [of, field = ""] = name.split(".");
  if (of === "request") return { type: null, read: ({ context }) => context?.[field] };
  if (of === "resource") return { type: null, read: ({ resource }) => resource?.attributes[field] };
  throw new Error(`The impact leaves ${name} open.`);
}

interface Seen {
  readonly what: string;
  readonly asked: Asked;
  readonly around: Around;
  readonly flips: Map<string, number>;
}

/** Counts a flip of a flag or a feature at a place; what is asked for each member counts for those on both sides. */
function see(
  seen: Map<string, Seen>,
  {
    asked,
    place,
    around,
    was,
    is,
  }: {
    readonly asked: Asked;
    readonly place: string | null;
    readonly around: Around;
    readonly was: Answer | undefined;
    readonly is: Answer | undefined;
  },
  orgs: readonly OrgSnapshot[],
): void {
  const ofMembers = asked.flag !== undefined && isOfMembers(asked.flag, orgs);
  if (ofMembers ? !isAskedMember(asked.member, orgs) : asked.member !== undefined) return;
  const what = `${asked.flag ?? asked.entitlement} ${place ?? ""}`.trimEnd();
  const here = seen.get(what) ?? { what, asked, around, flips: new Map<string, number>() };
  seen.set(what, here);
  const flip = flipText(answerOf(asked, was), answerOf(asked, is));
  if (flip !== null) here.flips.set(flip, (here.flips.get(flip) ?? 0) + 1);
}

function isAskedMember(member: string | undefined, [then, now]: readonly OrgSnapshot[]): boolean {
  return (
    member !== undefined &&
    then?.members.has(member) === true &&
    now?.members.get(member)?.status === "active"
  );
}

function answerOf({ flag }: Asked, answer: Answer | undefined): Value {
  const { value = null, variant = null } = answer ?? {};
  return flag === undefined ? value : { value, variant };
}

function flagEffects({ impact }: Sides, { flag }: Asked) {
  return impact.flags
    .filter((effect) => effect.flag === flag)
    .map(({ before, after, at }) => ({
      before: { value: before.value, variant: before.variant },
      after: { value: after.value, variant: after.variant },
      at,
    }));
}

function entitlementEffects({ impact }: Sides, { entitlement }: Asked) {
  return impact.entitlements.filter(({ feature }) => feature === entitlement);
}

function sorted(flips: Flips): readonly (readonly [string, number])[] {
  return [...flips].sort();
}
