import { addressOf } from "../model/address.ts";
import { descriptorOf, type Kind, sectionOf } from "../model/kinds.ts";
import type { ActualScope, DesiredScope, Origin } from "../model/state.ts";
import { absentPlaces } from "./absent-places.ts";
import { diff, disown, letGo } from "./diff.ts";
import { ledgerOf } from "./drift.ts";
import { findOverwrite } from "./find-overwrite.ts";
import { renameClash } from "./find-renames.ts";
import type { PlanInputs, PlannedScope } from "./make-plan.ts";
import { type KeyOf, matchScope, type Pair } from "./match-scope.ts";
import { noWayRound } from "./pass-once.ts";
import type { Change, Finding } from "./plan.ts";

/** What has to change in a scope that the manifests declare; what stands in the way is added to the findings. */
export function planScope(
  desired: DesiredScope,
  actual: ActualScope | null,
  catalogKeyOf: KeyOf,
  { inputs, findings }: { readonly inputs: PlanInputs; readonly findings: Finding[] },
): PlannedScope {
  const matched = matchScope(desired, actual, catalogKeyOf, inputs.newId);
  for (const { resource, earlier } of matched.clashes) {
    const subject = addressOf(desired.org, resource.kind, resource.key);
    const at = { org: desired.org, path: resource.path };
    findings.push(renameClash({ subject, name: resource.key, at }, earlier));
  }
  const dropped = new Set<string>();
  const absent = absentPlaces(desired, matched.pairs, inputs.forget);
  findings.push(...absent.findings);
  const changes = matched.pairs.flatMap((pair): Change[] => {
    const fate = absent.fates.get(pair.id);
    if (fate) return fate === "let go" && pair.actual?.managed != null ? [letGo(pair)] : [];
    const change = changeOf(pair, desired, inputs, dropped);
    findings.push(...findOverwrite(pair, change, desired));
    return change ? [change] : [];
  });
  for (const section of dropped) findings.push(droppedSection(desired.org, section));
  const orgId = actual?.orgId ?? (matched.ids.get("org")?.get("") as string);
  return { org: desired.org, orgId, matched, changes };
}

function changeOf(pair: Pair, scope: DesiredScope, inputs: PlanInputs, dropped: Set<string>): Change | null {
  if (pair.desired) return diff(pair, inputs.now);
  if (!pair.actual) return null;
  const section = sectionOf(pair.kind, pair.before);
  const ledger = ledgerOf(pair.actual, pair.history);
  if (ledger.managed === null)
    return isUnaccounted(pair.kind, ledger.origin, section, scope) ? diff(pair, inputs.now) : disown(pair);
  if (scope.released.has(section)) return pair.actual.managed === null ? null : letGo(pair);
  if (!scope.sections.has(section)) {
    dropped.add(section);
    return null;
  }
  return diff(pair, inputs.now);
}

/** Whether an authoritative section removes a row that the manifests do not own. */
function isUnaccounted(
  kind: Kind,
  origin: Origin,
  section: string,
  { authoritative, sections }: DesiredScope,
): boolean {
  const judges = authoritative.get(section);
  if (!judges || !sections.has(section) || descriptorOf(kind).keptWhenAbsent) return false;
  return judges === "all" || origin === "manifest" || origin === "unknown";
}

function droppedSection(org: string | null, section: string): Finding {
  const name = org ?? "the catalog";
  const help =
    org === null
      ? `Write "${section}: {}" to remove what it declared.`
      : `Write "${section}: {}" to remove what it declared, or "release: [${section}]" to leave it as it is.`;
  return {
    code: "dropped-section",
    subject: `${org ?? "catalog"}/${section}`,
    message: `The section "${section}" of ${name} was managed, and is no longer written.`,
    help: noWayRound(help),
    canPass: false,
    at: { org, path: [] },
  };
}
