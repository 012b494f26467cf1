import type { Kind } from "../model/kinds.ts";
import type { Change, Plan, ScopePlan } from "../plan/plan.ts";
import type { Transaction } from "./transaction.ts";

/** Awaited before every statement of an apply, with a name for it. Whatever it throws undoes everything. */
export type Step = (name: string) => Promise<void> | void;

/** What every write needs besides its changes. */
export interface Writing {
  readonly transaction: Transaction;
  readonly step: Step;
  /** Told of every batch that is written. */
  readonly wrote: (rows: number) => void;
  readonly oneByOne?: OneByOne | undefined;
}

/** To find out which change of a kind it is that fails. */
export interface OneByOne {
  readonly kind: Kind;
  /** Told of every change before it is written. */
  readonly attempt: (change: PlacedChange) => void;
}

/** A change with the scope and the catalog that its references are looked up in. */
export interface PlacedChange<C extends Change = Change> {
  readonly change: C;
  readonly scope: ScopePlan;
  readonly catalogIds: Plan["catalogIds"];
}
