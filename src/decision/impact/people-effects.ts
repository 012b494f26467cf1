import { byCodeUnit } from "../../model/value.ts";
import { questionOf } from "../question.ts";
import type { MemberSnapshot } from "../snapshot.ts";
import type { LostMember, SecondFactorEffect } from "./impact.ts";
import type { Questions } from "./moves.ts";
import { type MemberPair, membersOf, type OrgPair } from "./org-pair.ts";
import type { PermissionEffects } from "./permission-effects.ts";
import { holdsAnything, noRights, type RightsAt, rightsOf, whereaboutsIn } from "./rights.ts";

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
      if (before.requiresMfa !== after.requiresMfa) secondFactor.push(secondFactorOf(pair));
      for (const person of members) {
        const { org, member, because } = namesOf(person, pair);
        const rights = { before: rightsOnce(person.before), after: rightsOnce(person.after) };
        if (because !== null && holdsAnything(rights.before)) lost.push({ org, member, because });
        if (because !== null) continue;
        permissions.add({ org, member, ...rights, resources }, (at) =>
          questionsAt(at, pair, { person, now }),
        );
      }
    },
    loseEverything: () => lost.sort((a, b) => byCodeUnit(a.org, b.org) || byCodeUnit(a.member, b.member)),
    secondFactor: () => secondFactor.sort((a, b) => byCodeUnit(a.org, b.org)),
  };
}

function secondFactorOf({ after }: OrgPair): SecondFactorEffect {
  const people = membersOf(after).filter(({ type, status }) => type !== "service" && status === "active");
  return { org: after.slug, isRequired: after.requiresMfa, members: people.length };
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

function questionsAt(
  { place }: RightsAt,
  { before, after }: OrgPair,
  { person, now }: { readonly person: MemberPair; readonly now: number },
): Questions {
  // An entitlement may be given in one workspace only, and conditions may ask for it.
  const at = {
    now,
    workspace: place.in === "workspace" ? place.name : null,
    environment: place.in === "environment" ? place.name : null,
  };
  return {
    before: questionOf({ org: before, ...at, member: person.before?.key ?? null }),
    after: questionOf({ org: after, ...at, member: person.after?.key ?? null }),
  };
}
