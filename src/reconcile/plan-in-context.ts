import { readBuried } from "../database/bury-orgs.ts";
import { findUsesElsewhere } from "../database/find-uses-elsewhere.ts";
import { type ListedOrg, readOrgs } from "../database/read-actual.ts";
import type { Books } from "../database/read-books.ts";
import type { Transaction } from "../database/transaction.ts";
import type { ActualState, DesiredState } from "../model/state.ts";
import { endangered, type UseElsewhere } from "../plan/find-uses.ts";
import { type MadePlan, makePlan, type PlanInputs } from "../plan/make-plan.ts";

export interface Context {
  readonly desired: DesiredState;
  /** The orgs that were looked at. */
  readonly actual: ActualState;
  /** The orgs that were not. */
  readonly others: readonly Books[];
}

/**
 * Makes a plan with what only the database knows of the orgs that were not looked at: whether they refer to what goes
 * or changes, and which slugs were purged. Orgs that lose a role with it, by `allow`, are then read, too.
 */
export async function planInContext(
  transaction: Transaction,
  { desired, actual, others }: Context,
  given: PlanInputs,
): Promise<MadePlan> {
  const there = new Set(actual.orgs.map(({ org }) => org));
  const fresh = desired.orgs.flatMap(({ org }) => (org === null || there.has(org) ? [] : [org]));
  const inputs = { ...given, buried: await readBuried(transaction, fresh) };
  const made = makePlan(desired, actual, inputs);
  const { deleted, versions } = endangered(made.planned.slice(0, 1));
  const elsewhere = await findUsesElsewhere(
    transaction,
    [...deleted.keys(), ...versions.keys()],
    actual.orgs.map(({ orgId }) => orgId),
  );
  if (elsewhere.length === 0) return made;
  const isReleased = ({ id, kind }: UseElsewhere) =>
    kind === "binding" && inputs.allow?.has(`role-in-use:${deleted.get(id)}`) === true;
  const losing = new Set(elsewhere.filter(isReleased).flatMap(({ orgs }) => orgs.map(({ orgId }) => orgId)));
  const holders = await readOrgs(
    transaction,
    others.flatMap(({ orgId, slug, counter }): ListedOrg[] =>
      slug !== null && losing.has(orgId) ? [{ id: orgId, slug, counter }] : [],
    ),
    {},
  );
  const stopping = elsewhere.map((use) => ({
    ...use,
    orgs: use.orgs.filter(({ orgId }) => !losing.has(orgId)),
  }));
  return makePlan(desired, actual, { ...inputs, elsewhere: stopping, holders });
}
