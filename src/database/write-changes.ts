import type { Kind } from "../model/kinds.ts";
import { kindsInOrder } from "../model/order.ts";
import type { Change, Plan } from "../plan/plan.ts";
import { createRows } from "./create-rows.ts";
import { deleteRows } from "./delete-rows.ts";
import type { Transaction } from "./transaction.ts";
import { updateRows } from "./update-rows.ts";
import type { OneByOne, PlacedChange, Step, Writing } from "./writing.ts";

/**
 * Writes all changes of a plan and returns how many. Deletes go first, children before parents, and make
 * room; then each kind's updates and creates, parents first. Within that order names may still be swapped, and a row may
 * still refer to what it is about to be moved away from: such constraints are deferrable, and deferred here.
 */
export async function writeChanges(
  transaction: Transaction,
  plan: Plan,
  options: {
    readonly step: Step;
    readonly onProgress: ((written: number, total: number) => void) | undefined;
    readonly beforeWriting?: () => Promise<void>;
    readonly oneByOne?: OneByOne;
  },
): Promise<number> {
  const byKind = groupChanges(plan);
  const total = plan.scopes.reduce((sum, { changes }) => sum + changes.length, 0);
  let written = 0;
  const writing: Writing = {
    transaction,
    step: options.step,
    oneByOne: options.oneByOne,
    wrote(rows) {
      written += rows;
      options.onProgress?.(written, total);
    },
  };
  await options.step("defer constraints");
  await transaction.query("set constraints all deferred");
  await options.beforeWriting?.();
  for (const kind of [...kindsInOrder].reverse()) {
    await deleteRows(writing, kind, byKind.get(kind)?.delete ?? []);
  }
  for (const kind of kindsInOrder) {
    await updateRows(writing, kind, byKind.get(kind)?.update ?? []);
    await createRows(writing, kind, byKind.get(kind)?.create ?? []);
  }
  return written;
}

type ByAction = { readonly [A in Change["action"]]: PlacedChange<Extract<Change, { action: A }>>[] };

function groupChanges({ scopes, catalogIds }: Plan): ReadonlyMap<Kind, ByAction> {
  const byKind = new Map<Kind, ByAction>();
  for (const scope of scopes) {
    for (const change of scope.changes) {
      const group = byKind.get(change.kind) ?? { create: [], update: [], delete: [] };
      byKind.set(change.kind, group);
      (group[change.action] as PlacedChange[]).push({ change, scope, catalogIds });
    }
  }
  return byKind;
}
