import { addressOf } from "../../model/address.ts";
import type { Kind } from "../../model/kinds.ts";
import type { Resource } from "../../model/state.ts";
import { byCodeUnit, canonicalTime, type Value } from "../../model/value.ts";
import type { OrgSource } from "../compile-org.ts";
import { instantOf } from "../instant.ts";
import type { Lapse, LapseKind } from "./impact.ts";

type Fields = Readonly<Record<string, Value>>;

interface Due {
  readonly field: string;
  readonly what: LapseKind;
  /** Whether the time means anything in such a row. */
  readonly counts?: (fields: Fields) => boolean;
  /** The field that says what follows. */
  readonly next?: string;
}

const begins: Due = { field: "starts", what: "begins" };
const window: readonly Due[] = [begins, { field: "until", what: "ends" }];

/** Every time at which something in an org becomes otherwise by itself. */
const dues: Partial<Record<Kind, readonly Due[]>> = {
  org: [{ field: "purge_after", what: "is purged", counts: ({ status }) => status === "deleted" }],
  subscription: [
    begins,
    { field: "trial_ends", what: "trial ends", counts: ({ status }) => status === "trial" },
    { field: "ends", what: "ends", counts: isEnding },
    {
      field: "next_from",
      what: "changes plan",
      counts: ({ next_plan }) => next_plan != null,
      next: "next_plan",
    },
  ],
  entitlement: window,
  flag_override: window,
  rate_limit: window,
  banner: window,
  api_key: [{ field: "expires", what: "expires" }],
  invitation: [
    { field: "expires", what: "expires", counts: ({ status }) => (status ?? "pending") === "pending" },
  ],
};

/** One that renews outlives its end. */
function isEnding({ status, auto_renew }: Fields): boolean {
  return status === "cancelled" || ((status ?? "active") === "active" && auto_renew === false);
}

const days = 86_400_000;

/** What lapses in an org from a time on, in milliseconds, and within 30 days of it; soonest first. */
export function lapsesOf({ slug, resources }: OrgSource, now: number): readonly Lapse[] {
  return resources.flatMap((row) => lapsesOfRow(row, slug, now)).sort(bySoonest);
}

export function bySoonest(a: Lapse, b: Lapse): number {
  return instantOf(a.at) - instantOf(b.at) || byCodeUnit(a.address, b.address) || byCodeUnit(a.what, b.what);
}

function lapsesOfRow({ kind, key, fields }: Resource, org: string, now: number): readonly Lapse[] {
  return (dues[kind] ?? []).flatMap(({ field, what, counts, next }) => {
    const at = instantOf(fields[field]);
    const isDue = at > now && at <= now + 30 * days && (counts === undefined || counts(fields));
    if (!isDue) return [];
    const following = next === undefined ? null : ((fields[next] as string | null | undefined) ?? null);
    const time = canonicalTime(new Date(at).toISOString());
    return [{ at: time, org, address: addressOf(org, kind, key), what, next: following }];
  });
}
