import { byCodeUnit, canonicalText, type Value } from "../../model/value.ts";
import { decideFlag } from "../decide-flag.ts";
import { type Question, questionOf } from "../question.ts";
import type { Reason } from "../reason.ts";
import { asksMembers } from "./catalog-difference.ts";
import type { FlagAnswer, FlagEffect, FlagPlace } from "./impact.ts";
import type { MemberPair, OrgPair } from "./org-pair.ts";
import { toldInOrg } from "./told-in-org.ts";
import { entitledPlaces, isPlaceIn, placesOfOverride, widerFirst } from "./varied-places.ts";

export interface FlagEffects {
  /** Asks these flags in the org, in its places and, where they ask about members, of each member. */
  readonly add: (pair: OrgPair, flags: Iterable<string>) => void;
  readonly result: () => readonly FlagEffect[];
}

interface Asked {
  orgs: number;
  members: number;
}

interface Flip extends Pick<FlagEffect, "flag" | "before" | "after"> {
  readonly at: FlagPlace[];
}

/** Gathers flips that are alike. */
export function flagEffects(now: number): FlagEffects {
  const flips = new Map<string, Flip>();
  const asked = new Map<string, Asked>();
  const addFlip = (flag: string, { before, after }: Answers, at: FlagPlace) => {
    const text = canonicalText([flag, before, after] as unknown as Value);
    const flip = flips.get(text) ?? { flag, before, after, at: [] };
    flips.set(text, flip);
    flip.at.push(at);
  };
  return {
    add(pair, flags) {
      for (const flag of flags) {
        const ofMembers = isOfMembers(pair, flag);
        const count = asked.get(flag) ?? { orgs: 0, members: 0 };
        asked.set(flag, count);
        count.orgs += 1;
        if (ofMembers) count.members += askedMembers(pair).length;
        const asking = { pair, flag, now, places: placesAsked(pair, flag) };
        const flipped = ofMembers ? flipsOfMembers(asking) : flipsOf(asking, null);
        for (const { answers, at } of flipped) addFlip(flag, answers, at);
      }
    },
    result: () => [...flips.values()].map((flip) => effectOf(flip, asked.get(flip.flag))).sort(byFlag),
  };
}

interface Answers {
  readonly before: FlagAnswer;
  readonly after: FlagAnswer;
}

interface Flipped {
  readonly answers: Answers;
  readonly at: FlagPlace;
}

function isOfMembers({ before, after }: OrgPair, flag: string): boolean {
  return [before, after].some(({ catalog }) => {
    const known = catalog.flags.get(flag);
    return known !== undefined && asksMembers(known);
  });
}

interface Asking {
  readonly pair: OrgPair;
  readonly flag: string;
  readonly now: number;
  readonly places: readonly string[];
}

/** The whole org's flip, and those of places that flip otherwise; for one member, or whoever is asked about. */
function flipsOf(
  { pair: { before, after }, flag, now, places }: Asking,
  member: MemberPair | null,
): Flipped[] {
  const answers = (place: string | null): Answers => {
    const at = { now, ...(place?.includes("/") ? { environment: place } : { workspace: place }) };
    return {
      before: answerOf(questionOf({ org: before, ...at, member: member?.before?.key ?? null }), flag),
      after: answerOf(questionOf({ org: after, ...at, member: member?.after?.key ?? null }), flag),
    };
  };
  const answered = [null, ...places].map((place) => {
    const here = answers(place);
    return { place, answers: here, text: textOf(here) };
  });
  return toldInOrg(answered).map(({ place, answers: here, except }) => ({
    answers: here,
    at: { org: after.slug, place, except, members: null },
  }));
}

/** Every environment, since rules ask about them; of the workspaces those where something is said that counts for it. */
function placesAsked({ before, after }: OrgPair, flag: string): readonly string[] {
  const said = [before, after].flatMap((org) => [
    ...placesOfOverride(org.flags.get(flag)),
    ...entitledPlaces(org),
  ]);
  return widerFirst([...said, ...after.environments.keys()]).filter(
    (place) => isPlaceIn(before, place) && isPlaceIn(after, place),
  );
}

/** Flips that are alike for several members of an org are one, with their number. */
function flipsOfMembers(asking: Asking): Flipped[] {
  const alike = new Map<string, Flipped & { count: number }>();
  for (const member of askedMembers(asking.pair)) {
    for (const { answers, at } of flipsOf(asking, member)) {
      const text = `${textOf(answers)} ${at.place} ${at.except.join()}`;
      const found = alike.get(text) ?? { answers, at, count: 0 };
      alike.set(text, found);
      found.count += 1;
    }
  }
  return [...alike.values()].map(({ answers, at, count }) => ({ answers, at: { ...at, members: count } }));
}

/** Those who were there before and are there afterwards. */
function askedMembers({ members }: OrgPair): readonly MemberPair[] {
  return members.filter(({ before, after }) => before !== null && after?.status === "active");
}

function answerOf(question: Question, flag: string): FlagAnswer {
  const { value, variant, reason } = decideFlag(question, flag);
  return { value, variant, certainty: certainties[reason] ?? "answer" };
}

const certainties: { readonly [reason in Reason]?: FlagAnswer["certainty"] } = {
  rollout: "share",
  split: "share",
  undetermined: "undetermined",
  "unknown-flag": "missing",
};

/** An answer for another reason is the same answer, unless one of the two cannot be known. */
function isFlip({ before, after }: Answers): boolean {
  if (before.variant !== after.variant || canonicalText(before.value) !== canonicalText(after.value))
    return true;
  const isKnown = ({ certainty }: FlagAnswer) => certainty === "answer" || certainty === "share";
  return isKnown(before) !== isKnown(after);
}

/** null: it stays. */
function textOf(answers: Answers): string | null {
  return isFlip(answers) ? canonicalText(answers as unknown as Value) : null;
}

function effectOf({ flag, before, after, at }: Flip, asked: Asked | undefined): FlagEffect {
  at.sort((a, b) => byCodeUnit(a.org, b.org) || byCodeUnit(a.place ?? "", b.place ?? ""));
  const ofMembers = asked && asked.members > 0 ? asked.members : null;
  const counted = at.filter(({ place }) => place === null);
  return {
    flag,
    before,
    after,
    at,
    orgs: new Set(at.map(({ org }) => org)).size,
    ofOrgs: asked?.orgs ?? 0,
    members: ofMembers === null ? null : counted.reduce((sum, { members }) => sum + (members ?? 0), 0),
    ofMembers,
  };
}

function byFlag(a: FlagEffect, b: FlagEffect): number {
  const text = ({ before, after }: FlagEffect) => canonicalText([before, after] as unknown as Value);
  return byCodeUnit(a.flag, b.flag) || b.at.length - a.at.length || byCodeUnit(text(a), text(b));
}
