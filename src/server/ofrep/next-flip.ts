import { instantOf } from "../../decision/instant.ts";
import type { Placed } from "../../decision/override.ts";
import type { CatalogSnapshot, OrgSnapshot } from "../../decision/snapshot.ts";
import type { Condition } from "../../model/condition.ts";
import { isList } from "../../model/value.ts";

/**
 * The first millisecond after a time at which, or right after which, a flag of an org may become otherwise by itself:
 * where an override or a subscription begins or ends, or a rule asks what time it is. Infinity: never. It may name one
 * at which nothing changes, but passes by none at which something does.
 */
export function nextFlip(org: OrgSnapshot, after: number): number {
  let next = Number.POSITIVE_INFINITY;
  const see = (time: number | null) => {
    // What is no time is neither later nor sooner.
    if (time !== null && time > after && time < next) next = time;
  };
  for (const { starts, ends, trialEnds, nextFrom } of org.subscriptions.values()) {
    for (const time of [starts, ends, trialEnds, nextFrom]) see(time);
  }
  for (const placed of org.flags.values()) seePlaced(placed, see);
  // Conditions ask about entitlements.
  for (const placed of org.entitlements.values()) seePlaced(placed, see);
  for (const time of timesOf(org.catalog)) see(time);
  return next;
}

function seePlaced({ org, workspaces, environments }: Placed<unknown>, see: (time: number) => void): void {
  for (const timed of [org, ...workspaces.values(), ...environments.values()]) {
    if (!timed) continue;
    see(timed.starts);
    see(timed.until);
  }
}

const timesByCatalog = new WeakMap<CatalogSnapshot, readonly number[]>();

/** The times that the rules of flags compare `request.time` with. */
function timesOf(catalog: CatalogSnapshot): readonly number[] {
  let times = timesByCatalog.get(catalog);
  if (!times) {
    times = [...catalog.flags.values()].flatMap(({ declared }) =>
      declared.rules.flatMap((rule) => (rule.if ? timesIn(rule.if) : [])),
    );
    timesByCatalog.set(catalog, times);
  }
  return times;
}

function timesIn(condition: Condition): readonly number[] {
  if ("all" in condition) return condition.all.flatMap(timesIn);
  if ("any" in condition) return condition.any.flatMap(timesIn);
  if ("not" in condition) return timesIn(condition.not);
  if (condition.attribute !== "request.time") return [];
  const { value } = condition;
  return (isList(value) ? value : [value]).map(instantOf);
}
