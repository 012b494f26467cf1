import { printable } from "../diagnostic/printable.ts";
import { wordFor } from "../plan/kind-words.ts";
import { fewestRemovals } from "../plan/max-removals.ts";
import type { Change, Headroom, Looked, Plan } from "../plan/plan.ts";
import { joined, wrapped } from "./layout.ts";
import { counted, figure } from "./plan-counts.ts";

/** How many brakes are told of; the nearest. */
const told = 5;

/** How near the brakes are, what was looked at, and how to undo it. */
export function footLines(plan: Plan, width: number): string[] {
  const brakes = brakeText(plan.headroom);
  return [
    ...(brakes === null ? [] : wrapped("Brakes  ", brakes, width)),
    ...joined([...lookedPieces(plan), ...undoPieces(plan)], " · ", width),
  ];
}

/** `acme 1 removal of 24 members (4 %, limit 25 %)`, the nearest to its limit first; null where nothing is removed. */
export function brakeText(headroom: readonly Headroom[]): string | null {
  const removing = headroom
    .filter(({ removals }) => removals > 0)
    .sort((a, b) => shareOf(b) / b.limit - shareOf(a) / a.limit);
  if (removing.length === 0) return null;
  const texts = removing.slice(0, told).map((brake) => {
    const { org, kind, removals, of, limit } = brake;
    const what = kind === null ? counted(of, "row") : `${figure(of)} ${wordFor(of, kind)}`;
    // Few removals stop nothing, whatever share they are; a share over the limit would look as if they did.
    const share =
      removals < fewestRemovals && shareOf(brake) > limit
        ? "too few to stop it"
        : `${percent(shareOf(brake))}, limit ${percent(limit)}`;
    return `${printable(org ?? "estate")} ${counted(removals, "removal")} of ${what} (${share})`;
  });
  const more = removing.length - texts.length;
  return [...texts, ...(more > 0 ? [`and ${figure(more)} further from theirs`] : [])].join(" · ");
}

function shareOf({ removals, of }: Headroom): number {
  return of === 0 ? 1 : removals / of;
}

/** `4 %`, `0.5 %` */
function percent(share: number): string {
  const hundredths = share * 100;
  return `${Number(hundredths.toFixed(hundredths < 1 ? 1 : 0))} %`;
}

type Reason = keyof Looked["because"];

const reasons: Readonly<Record<Reason, string>> = {
  source: "file changed",
  rows: "rows changed",
  due: "something was due",
  catalog: "catalog changed",
  refresh: "everything is read",
};

/** `Looked at 3 of 412 orgs (file changed: 2, new: 1)`, `3 sections not managed`. */
export function lookedPieces({ looked, orgCount, scopes }: Plan): string[] {
  const fresh = scopes.filter(({ changes }) => changes.some(isNewOrg)).length;
  const because = [
    ...Object.entries(reasons).map(([reason, text]) => ({ text, orgs: looked.because[reason as Reason] })),
    { text: "new", orgs: fresh },
  ].filter(({ orgs }) => orgs > 0);
  const why = because.map(({ text, orgs }) => (because.length === 1 ? text : `${text}: ${figure(orgs)}`));
  return [
    `Looked at ${figure(looked.orgs + fresh)} of ${counted(orgCount, "org")}${why.length === 0 ? "" : ` (${why.join(", ")})`}`,
    ...(looked.unmanagedSections > 0 ? [`${counted(looked.unmanagedSections, "section")} not managed`] : []),
    ...(looked.dueElsewhere > 0
      ? [`something lapses within 30 days in ${counted(looked.dueElsewhere, "org")} not looked at`]
      : []),
  ];
}

function isNewOrg({ kind, action }: Change): boolean {
  return kind === "org" && action === "create";
}

function undoPieces(plan: Plan): string[] {
  const command = undoCommand(plan);
  return command === null ? [] : [`undo: ${command}`];
}

/** `tenantry revert 1842`; null where there is nothing to apply, or nothing before it to go back to, and after a purge. */
export function undoCommand({ scopes, findings, base }: Plan): string | null {
  if (scopes.length === 0 || findings.length > 0 || base.revision === 0) return null;
  const isPurge = scopes.some(({ changes }) =>
    changes.some(({ kind, action }) => kind === "org" && action === "delete"),
  );
  return isPurge ? null : `tenantry revert ${base.revision + 1}`;
}
