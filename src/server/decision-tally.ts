import { type Reason, reasons } from "../decision/reason.ts";

const kinds = ["permission", "flag", "entitlement"] as const;

export type DecisionKind = (typeof kinds)[number];

/** How many decisions of a kind came out in a way. */
export interface DecisionCount {
  readonly kind: DecisionKind;
  readonly result: "yes" | "no";
  readonly reason: Reason;
  readonly count: number;
}

/** Counts decisions by what they came to, never by whom they were about. */
export interface DecisionTally {
  /** A yes is: allowed, entitled, a flag that has a value. */
  readonly count: (kind: DecisionKind, isYes: boolean, reason: Reason) => void;
  /** Those that occurred at all. */
  readonly counts: () => readonly DecisionCount[];
}

/** Plain counters, read when somebody asks: a decision takes less time than looking up a metric's labels. */
export function makeDecisionTally(): DecisionTally {
  const yes = { permission: zeroes(), flag: zeroes(), entitlement: zeroes() };
  const no = { permission: zeroes(), flag: zeroes(), entitlement: zeroes() };
  return {
    count(kind, isYes, reason) {
      (isYes ? yes : no)[kind][reason]++;
    },
    counts: () => [...occurred("yes", yes), ...occurred("no", no)],
  };
}

type Counters = Record<DecisionKind, Record<Reason, number>>;

const allReasons = Object.keys(reasons) as readonly Reason[];

function zeroes(): Record<Reason, number> {
  return Object.fromEntries(allReasons.map((reason) => [reason, 0])) as Record<Reason, number>;
}

function occurred(result: "yes" | "no", counters: Counters): DecisionCount[] {
  return kinds.flatMap((kind) =>
    allReasons
      .map((reason) => ({ kind, result, reason, count: counters[kind][reason] }))
      .filter(({ count }) => count > 0),
  );
}
