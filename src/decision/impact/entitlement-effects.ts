import { byCodeUnit, canonicalText, type Value } from "../../model/value.ts";
import { decideEntitlement } from "../decide-entitlement.ts";
import { planInForce } from "../plan-in-force.ts";
import { questionOf } from "../question.ts";
import type { OrgSnapshot } from "../snapshot.ts";
import type { EntitlementEffect, EntitlementPlace, PlanEffect } from "./impact.ts";
import type { OrgPair } from "./org-pair.ts";
import { toldInOrg } from "./told-in-org.ts";
import { isPlaceIn, placesOfOverride, widerFirst } from "./varied-places.ts";

export interface EntitlementEffects {
  readonly add: (pair: OrgPair) => void;
  readonly entitlements: () => readonly EntitlementEffect[];
  readonly plans: () => readonly PlanEffect[];
}

interface Shift extends Omit<EntitlementEffect, "at"> {
  readonly at: EntitlementPlace[];
}

/** Gathers what orgs have of features, and the plans in force, where they move. */
export function entitlementEffects(now: number): EntitlementEffects {
  const shifts = new Map<string, Shift>();
  const plans = new Map<string, Omit<PlanEffect, "orgs"> & { readonly orgs: string[] }>();
  return {
    add(pair) {
      for (const { at, ...shift } of shiftsOf(pair, now)) {
        const text = canonicalText(shift as unknown as Value);
        const alike = shifts.get(text) ?? { ...shift, at: [] };
        shifts.set(text, alike);
        alike.at.push(...at);
      }
      for (const plan of planShifts(pair, now)) {
        const text = canonicalText(plan);
        const alike = plans.get(text) ?? { ...plan, orgs: [] };
        plans.set(text, alike);
        alike.orgs.push(pair.after.slug);
      }
    },
    entitlements: () =>
      [...shifts.values()]
        .map(({ at, ...shift }) => ({ ...shift, at: at.sort(byPlace) }))
        .sort(
          (a, b) =>
            byCodeUnit(a.feature, b.feature) ||
            b.at.length - a.at.length ||
            byCodeUnit(textOf(a.before, a.after, a.why), textOf(b.before, b.after, b.why)),
        ),
    plans: () =>
      [...plans.values()]
        .map(({ orgs, ...plan }) => ({ ...plan, orgs: orgs.sort(byCodeUnit) }))
        .sort(
          (a, b) =>
            byCodeUnit(a.product, b.product) ||
            b.orgs.length - a.orgs.length ||
            byCodeUnit(textOf(a.before, a.after), textOf(b.before, b.after)),
        ),
  };
}

function textOf(...values: unknown[]): string {
  return canonicalText(values as unknown as Value);
}

function byPlace(a: EntitlementPlace, b: EntitlementPlace): number {
  return byCodeUnit(a.org, b.org) || byCodeUnit(a.place ?? "", b.place ?? "");
}

/** What moves in the whole org, and what moves otherwise in places that have overrides of their own. */
function shiftsOf({ before, after }: OrgPair, now: number): EntitlementEffect[] {
  const features = new Set([...before.catalog.features.keys(), ...after.catalog.features.keys()]);
  return [...features].flatMap((feature) => {
    const overridden = [before, after].flatMap(({ entitlements }) =>
      placesOfOverride(entitlements.get(feature)),
    );
    const places = widerFirst(overridden).filter(
      (place) => isPlaceIn(before, place) && isPlaceIn(after, place),
    );
    const answered = [null, ...places].map((place) => {
      const shift = shiftAt({ before, after, now, feature }, place);
      return { place, shift, text: isShift(shift) ? textOf(shift.before, shift.after) : null };
    });
    return toldInOrg(answered).map(({ place, shift, except }) => ({
      ...shift,
      at: [{ org: after.slug, place, except }],
    }));
  });
}

interface Asked {
  readonly before: OrgSnapshot;
  readonly after: OrgSnapshot;
  readonly now: number;
  readonly feature: string;
}

function shiftAt(
  { before, after, now, feature }: Asked,
  place: string | null,
): Omit<EntitlementEffect, "at"> {
  const at = place?.includes("/") ? { environment: place } : { workspace: place };
  const was = decideEntitlement(questionOf({ org: before, now, ...at }), feature);
  const is = decideEntitlement(questionOf({ org: after, now, ...at }), feature);
  return {
    feature,
    before: was.value,
    after: is.value,
    why: { before: was.reason, after: is.reason },
  };
}

/** A feature that is new or gone and gives nothing on the other side moves nothing. */
function isShift({ before, after, why }: Omit<EntitlementEffect, "at">): boolean {
  const given = (value: EntitlementEffect["before"], reason: string) =>
    reason === "unknown-feature" || value === false || value === 0 ? null : value;
  const isNewOrGone = why.before === "unknown-feature" || why.after === "unknown-feature";
  return isNewOrGone
    ? textOf(given(before, why.before)) !== textOf(given(after, why.after))
    : textOf(before) !== textOf(after);
}

function planShifts({ before, after }: OrgPair, now: number) {
  const products = new Set([...before.catalog.products, ...after.catalog.products].map(({ name }) => name));
  return [...products].flatMap((product) => {
    const key = (org: OrgSnapshot) => planInForce(org, product, now)?.version.key ?? null;
    const shift = { product, before: key(before), after: key(after) };
    return shift.before === shift.after ? [] : [shift];
  });
}
