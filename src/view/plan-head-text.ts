import { printable } from "../diagnostic/printable.ts";
import type { Plan } from "../plan/plan.ts";
import type { Colours } from "./colours.ts";
import { commitText } from "./commit-text.ts";
import { joined } from "./layout.ts";
import { minuteText } from "./minute-text.ts";
import { actionsText, changesText, counted, figure, type PlanCounts, planCounts } from "./plan-counts.ts";

/** What was compared with what, and for whom. */
export interface PlanAbout {
  /** `estate production`, `tenants with the embedded database in .tenantry` */
  readonly estate: string;
  readonly provenance: PlanProvenance | null;
}

/** Where the manifests are from, and who the plan is for. A claim. */
export interface PlanProvenance {
  readonly commit: string | null;
  /** The first line of its message. */
  readonly title: string | null;
  readonly actor: string;
  /** The manifests differ from the commit. */
  readonly isDirty: boolean;
}

interface HeadView {
  readonly about: PlanAbout;
  readonly width: number;
}

/** `tenantry plan   9f3c2e1 "Q4 access review" by dora   estate production, revision 1841   2026-11-23 09:02Z` */
export function headLines(plan: Plan, { about, width }: HeadView, colours: Colours): string[] {
  const title = "tenantry plan";
  const pieces = [title, ...aboutPieces(plan, about), minuteText(plan.now)];
  const [first = "", ...more] = joined(pieces, "   ", width);
  return [first.replace(title, colours.bold(title)), ...more];
}

/** The commit and for whom, the estate with its revision; safe to print. */
export function aboutPieces(plan: Plan, { estate, provenance }: PlanAbout): string[] {
  const from = provenance && provenanceText(provenance);
  return [...(from ? [from] : []), printable(`${estate}, revision ${plan.base.revision}`)];
}

function provenanceText({ commit, title, actor, isDirty }: PlanProvenance): string {
  const named = commit === null ? [] : [commitText(isDirty ? `${commit} (edited)` : commit)];
  const titled = title === null ? [] : [`"${title}"`];
  return printable([...named, ...titled, `by ${actor}`].join(" "));
}

/** `4 changes, 3 from Git, 1 drift · 3 to update, 1 to delete · 1 blocked` */
export function countLines(plan: Plan, { width }: HeadView, colours: Colours): string[] {
  return joined(countPieces(plan), " · ", width).map((line) =>
    line
      .replace(/\d[\d,]* drift|all of it drift/, (text) => colours.magenta(text))
      .replace(/[\d,]+ blocked.*/, (text) => colours.red(colours.bold(text)))
      .replace(/^No changes\./, (text) => colours.green(text)),
  );
}

/** The same, piece by piece and without colour. */
export function countPieces(plan: Plan): string[] {
  const counts = planCounts(plan);
  const blocked = plan.findings.length;
  return [
    ...changePieces(plan, counts),
    ...(plan.allowed.length > 0 ? [`${figure(plan.allowed.length)} let pass`] : []),
    ...(blocked > 0 ? [`${figure(blocked)} blocked: nothing can be applied`] : []),
  ];
}

function changePieces(plan: Plan, counts: PlanCounts): string[] {
  if (counts.changes === 0 && plan.findings.length > 0) return ["No other changes"];
  if (counts.changes === 0) return [`No changes. ${counted(plan.orgCount, "org")} as declared.`];
  return [changesText(counts), actionsText(counts), ...wherePieces(plan, counts)];
}

/** `in the catalog and 3 orgs`; where the catalog's change has orgs read anew, how many: `the catalog change reaches 412 of 412 orgs` */
export function wherePieces({ looked, orgCount }: Plan, { orgs, isCatalogChanged }: PlanCounts): string[] {
  const inOrgs = orgs > 0 ? [counted(orgs, "org")] : [];
  if (!isCatalogChanged) return inOrgs.map((text) => `in ${text}`);
  if (looked.because.catalog === 0) return [`in ${["the catalog", ...inOrgs].join(" and ")}`];
  const reach = `the catalog change reaches ${figure(looked.orgs)} of ${counted(orgCount, "org")}`;
  return [...inOrgs.map((text) => `in ${text}`), reach];
}
