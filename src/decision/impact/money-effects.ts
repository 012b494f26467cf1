import { byCodeUnit } from "../../model/value.ts";
import type { OrgSnapshot } from "../snapshot.ts";
import type { Money } from "./impact.ts";
import { asMonthly, costDifference, monthlyCost, noCost } from "./monthly-cost.ts";

export interface MoneyEffects {
  /** null: the org is not there on that side. */
  readonly add: (before: OrgSnapshot | null, after: OrgSnapshot | null) => void;
  readonly result: () => Money;
}

/** Adds up what orgs pay more or less a month. */
export function moneyEffects(now: number): MoneyEffects {
  const orgs: { readonly org: string; readonly difference: ReadonlyMap<string, bigint> }[] = [];
  const unpriced: string[] = [];
  return {
    add(before, after) {
      const org = (after ?? before)?.slug ?? "";
      const [was, is] = [before, after].map((side) => (side ? monthlyCost(side, now) : noCost));
      if (!was || !is) return;
      const difference = costDifference(was, is);
      if (difference.size > 0) orgs.push({ org, difference });
      if (is.isUnpriced && !was.isUnpriced) unpriced.push(org);
    },
    result() {
      const total = new Map<string, bigint>();
      for (const { difference } of orgs)
        for (const [currency, amount] of difference)
          total.set(currency, (total.get(currency) ?? 0n) + amount);
      orgs.sort((a, b) => byCodeUnit(a.org, b.org));
      return {
        total: asMonthly(total),
        orgs: orgs.map(({ org, difference }) => ({ org, monthly: asMonthly(difference) })),
        unpriced: unpriced.sort(byCodeUnit),
      };
    },
  };
}
