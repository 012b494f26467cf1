import { addressOf } from "../model/address.ts";
import type { ScopePlan } from "../plan/plan.ts";
import { fieldsOf } from "./plan-json.ts";

/** Changes that were made, as data: what `toldChanges` says. */
export function toldJson(scopes: readonly Pick<ScopePlan, "org" | "changes">[]) {
  return scopes.flatMap(({ org, changes }) =>
    changes.map((change) => {
      const { action, kind, key, id } = change;
      const fields = fieldsOf(change).map(({ field, before, after }) => ({ field, before, after }));
      return { action, address: addressOf(org, kind, key), org, kind, key, id, fields };
    }),
  );
}
