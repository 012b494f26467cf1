import { canonicalText, type Value } from "../../model/value.ts";
import type { OrgSource } from "../compile-org.ts";
import { completeByKind } from "../complete.ts";
import { instantOf } from "../instant.ts";
import { alikeEffects } from "./alike.ts";
import type { PendingEffect, PromisedGrant } from "./impact.ts";
import { promisedGrants } from "./promised-grants.ts";

export interface PendingEffects {
  readonly add: (before: OrgSource, after: OrgSource) => void;
  readonly result: () => readonly PendingEffect[];
}

/** Gathers what people who are no members yet will hold once they come in, where that moves. */
export function pendingEffects(now: number): PendingEffects {
  const effects = {
    invitation: alikeEffects<Omit<PendingEffect, "at">>(),
    join: alikeEffects<Omit<PendingEffect, "at">>(),
  };
  return {
    add(before, after) {
      for (const by of ["invitation", "join"] as const) {
        const was = promises[by](before, now);
        const is = promises[by](after, now);
        for (const key of new Set([...was.keys(), ...is.keys()])) {
          const effect = { by, before: was.get(key) ?? [], after: is.get(key) ?? [] };
          if (textOf(effect.before) !== textOf(effect.after))
            effects[by].add(effect, { org: after.slug, key });
        }
      }
    },
    result: () => [...effects.invitation.result(), ...effects.join.result()],
  };
}

type Promises = ReadonlyMap<string, readonly PromisedGrant[]>;

const promises = { invitation: ofInvitations, join: ofJoinRules };

/** Only of those that can still be accepted. */
function ofInvitations({ resources }: OrgSource, now: number): Promises {
  const open = completeByKind(resources)("invitation").filter(
    ({ fields: { status, expires } }) =>
      status === "pending" && (expires === null || instantOf(expires) > now),
  );
  return new Map(open.map(({ key, fields }) => [key, promisedGrants(fields.grants)]));
}

function ofJoinRules({ resources }: OrgSource): Promises {
  const rules = completeByKind(resources)("join_rule");
  return new Map(rules.map(({ key, fields }) => [key, promisedGrants(fields.grants)]));
}

function textOf(grants: readonly PromisedGrant[]): string {
  return canonicalText(grants as unknown as Value);
}
