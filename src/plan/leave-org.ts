import type { ActualScope } from "../model/state.ts";
import { byCodeUnit } from "../model/value.ts";
import { letGo } from "./diff.ts";
import { ledgerOf } from "./drift.ts";
import type { PlanInputs, PlannedScope } from "./make-plan.ts";
import { type KeyOf, matchScope, type Pair } from "./match-scope.ts";
import { noWayRound, orPassOnce } from "./pass-once.ts";
import type { Change, Finding } from "./plan.ts";

/**
 * What becomes of an org that no manifest declares. Absence never deletes it: one that the manifests made stops the
 * plan, until it is archived or let go. One that has ended already may be undeclared.
 */
export function leaveOrg(
  actual: ActualScope,
  catalogKeyOf: KeyOf,
  { inputs, findings }: { readonly inputs: PlanInputs; readonly findings: Finding[] },
): PlannedScope {
  const matched = matchScope(null, actual, catalogKeyOf, inputs.newId);
  const planned = (changes: readonly Change[]): PlannedScope => {
    return { org: actual.org, orgId: actual.orgId, matched, changes };
  };
  const slug = actual.org ?? "";
  if (inputs.forget?.has(slug))
    return planned(matched.pairs.filter((pair) => pair.actual?.managed != null).map(letGo));
  const org = matched.pairs.find(({ kind }) => kind === "org");
  if (!org?.actual || ledgerOf(org.actual, org.history).managed === null || hasEnded(org)) return planned([]);
  if (!inputs.prune) {
    findings.push(undeclared(slug));
    return planned([]);
  }
  if (org.before.protected === true) findings.push(isProtected(slug));
  return planned([archive(org)]);
}

function hasEnded({ before }: Pair): boolean {
  return before.status === "archived" || before.status === "deleted";
}

/** The status is the manifests' from now on: declared again without one, the org comes back. */
function archive(org: Pair): Change {
  const update = letGo(org);
  const managed = [...new Set([...(update.managedBefore ?? []), "status"])].sort(byCodeUnit);
  const status = { field: "status", before: org.before.status ?? null, after: "archived", drift: null };
  return { ...update, fields: [status], managed };
}

function undeclared(slug: string): Finding {
  return {
    code: "undeclared-org",
    subject: slug,
    message: `The manifests made the org "${slug}" and declare it no more. Absence never deletes an org.`,
    help: noWayRound(
      `Declare it again, with status: archived if it is to end; or archive what is undeclared with --prune, or let it go with --forget ${slug}.`,
    ),
    canPass: false,
    at: null,
  };
}

function isProtected(slug: string): Finding {
  return {
    code: "protected",
    subject: slug,
    message: `The org "${slug}" is protected, and would be archived because no manifest declares it.`,
    help: orPassOnce(`Declare it again, or let it go with --forget ${slug}`, "protected", slug),
    canPass: true,
    at: null,
  };
}
