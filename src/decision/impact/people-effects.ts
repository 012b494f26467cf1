import { byCodeUnit } from "../../model/value.ts";
import { questionOf } from "../question.ts";
import type { MemberSnapshot } from "../snapshot.ts";
import type { LostMember, SecondFactorEffect } from "./impact.ts";
import type { Questions } from "./moves.ts";
import { type MemberPair, membersOf, type OrgPair } from "./org-pair.ts";
import type { PermissionEffects } from "./permission-effects.ts";
import { noRights, type RightsAt, rightsOf, type Whereabouts, whereaboutsIn } from "./rights.ts";
import { entitledPlaces, isPlaceIn } from "./varied-places.ts";

export interface PeopleEffects {
  /** For an org that is active on both sides. */
  readonly add: (pair: OrgPair) => void;
  readonly loseEverything: () => readonly LostMember[];
  readonly secondFactor: () => readonly SecondFactorEffect[];
}

/** Gathers what people may do otherwise, in orgs that were compiled on both sides. */
export function peopleEffects(permissions: PermissionEffects, now: number): PeopleEffects {
  const lost: LostMember[] = [];
  const secondFactor: SecondFactorEffect[] = [];
  return {
    add(pair) {
      const { before, after, members } = pair;
      const resources = new Map([...whereaboutsIn(before), ...whereaboutsIn(after)]);
      const varied = variedPlaces(pair);
      secondFactor.push(...secondFactorOf(pair));
      for (const person of members) {
        const { org, member, because } = namesOf(person, pair);
        const rights = { before: rightsOnce(person.before), after: rightsOnce(person.after) };
        const states = { org, member, ...rights, resources, varied };
        const questions = (at: RightsAt) => questionsAt(at, pair, { person, now, resources });
        if (because === null) permissions.add(states, questions);
        else if (permissions.areAny(states, questions)) lost.push({ org, member, because });
      }
    },
    loseEverything: () => lost.sort((a, b) => byCodeUnit(a.org, b.org) || byCodeUnit(a.member, b.member)),
    secondFactor: () => secondFactor.sort((a, b) => byCodeUnit(a.org, b.org)),
  };
}

/** The org asks for it now, or no more; or it does as before, and members have become services or people. */
function secondFactorOf({ before, after, members }: OrgPair): readonly SecondFactorEffect[] {
  const org = after.slug;
  if (before.requiresMfa !== after.requiresMfa) {
    const people = membersOf(after).filter(({ type, status }) => type !== "service" && status === "active");
    return [{ org, isRequired: after.requiresMfa, members: people.length }];
  }
  if (!after.requiresMfa) return [];
  const isPerson = (member: MemberSnapshot | null) => member?.type !== "service";
  const turned = members.filter(
    ({ before: was, after: is }) => was && is?.status === "active" && isPerson(was) !== isPerson(is),
  );
  return [true, false].flatMap((isRequired) => {
    const count = turned.filter((each) => isPerson(each.after) === isRequired).length;
    return count === 0 ? [] : [{ org, isRequired, members: count }];
  });
}

function namesOf({ before, after }: MemberPair, pair: OrgPair) {
  const wasActive = before?.status === "active";
  const because = !wasActive || after?.status === "active" ? null : after === null ? "removed" : "suspended";
  return { org: pair.after.slug, member: (after ?? before)?.key ?? "", because } as const;
}

/** Who is not active has no rights. */
function rightsOnce(member: MemberSnapshot | null) {
  return member?.status === "active" ? rightsOf(member) : noRights;
}

/**
 * Where conditions may find something else than around: an environment that is of another kind than before, and where
 * an entitlement is given in one place only.
 */
function variedPlaces({ before, after }: OrgPair): readonly string[] {
  const places = new Set([...entitledPlaces(before), ...entitledPlaces(after)]);
  for (const [name, { tier, host }] of after.environments) {
    const was = before.environments.get(name);
    if (was && (was.tier !== tier || was.host !== host)) places.add(name);
  }
  return [...places].filter((place) => isPlaceIn(before, place) && isPlaceIn(after, place));
}

interface Asker {
  readonly person: MemberPair;
  readonly now: number;
  readonly resources: ReadonlyMap<string, Whereabouts>;
}

function questionsAt(
  { place }: RightsAt,
  { before, after }: OrgPair,
  { person, now, resources }: Asker,
): Questions {
  const whereabouts = place.in === "resource" ? resources.get(place.name) : undefined;
  const at = {
    now,
    workspace: place.in === "workspace" ? place.name : (whereabouts?.workspace ?? null),
    environment: place.in === "environment" ? place.name : (whereabouts?.environment ?? null),
  };
  return {
    before: questionOf({ org: before, ...at, member: person.before?.key ?? null }),
    after: questionOf({ org: after, ...at, member: person.after?.key ?? null }),
  };
}
