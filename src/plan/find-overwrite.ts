import { addressOf } from "../model/address.ts";
import { descriptorOf, sectionOf } from "../model/kinds.ts";
import type { DesiredScope } from "../model/state.ts";
import { sameValue } from "../model/value.ts";
import { ledgerOf } from "./drift.ts";
import type { Pair } from "./match-scope.ts";
import { orPassOnce } from "./pass-once.ts";
import type { Change, Finding } from "./plan.ts";

/**
 * A row that an invitation, joining or the app made, and that the manifests would take over with other values than
 * it has. Filling what is empty is no overwriting, and a section that judges everybody's rows has said so.
 */
export function findOverwrite(pair: Pair, change: Change | null, scope: DesiredScope): Finding[] {
  if (!pair.actual || change?.action !== "update" || change.managedBefore !== null) return [];
  const { origin, managed } = ledgerOf(pair.actual, pair.history);
  // Whatever somebody wrote into its ledger by hand, it is the manifests' as it was.
  if (managed !== null) return [];
  if (origin === "manifest" || origin === "unknown") return [];
  if (scope.authoritative.get(sectionOf(pair.kind, pair.before)) === "all") return [];
  const { fields: known } = descriptorOf(pair.kind);
  const overwritten = change.fields.filter(({ field, before }) => {
    const described = known[field];
    const usual = described && "default" in described ? (described.default ?? null) : null;
    return before !== null && !sameValue(before, usual);
  });
  if (overwritten.length === 0) return [];
  const subject = addressOf(scope.org, pair.kind, pair.key);
  const names = overwritten.map(({ field }) => field).join(", ");
  const help = `Leave ${overwritten.length === 1 ? "it" : "these"} out of the manifest, or declare what is there`;
  return [
    {
      code: "owned-elsewhere",
      subject,
      message: `${makers[origin]} made it, and its ${names} would be overwritten.`,
      help: orPassOnce(help, "owned-elsewhere", subject),
      canPass: true,
      at: { org: scope.org, path: pair.desired?.path ?? [] },
    },
  ];
}

const makers = { invitation: "An invitation", join: "Joining", api: "The app" } as const;
