import type { Plan, ScopePlan } from "../plan/plan.ts";
import { bytesOf, commentWidth, fenced, htmlCode } from "./markdown.ts";
import { changesText, counted, figure, type PlanCounts, scopeCounts } from "./plan-counts.ts";
import { indents, type Places, type PlanLine, scopeLines } from "./plan-lines.ts";

interface ScopesView {
  readonly places: Places;
  /** Of the whole plan. */
  readonly counts: PlanCounts;
  /** How many bytes all of it may take. */
  readonly room: number;
}

/** How many scopes are tried that find no room, before the rest is left out untried. */
const tries = 8;

/** For the sentence that says what was left out. */
const reserve = 200;

/** Up to this many changes stand open: unfolding them would only be work. */
const few = 12;

/**
 * The catalog and every org to unfold, each whole or not at all, and what was left out. Only as many are laid out
 * as fit, so that it takes no longer for ten thousand orgs than for a few hundred.
 */
export function scopesMarkdown({ scopes }: Plan, { places, counts, room }: ScopesView): string {
  const shown: string[] = [];
  const leftOut = { catalog: 0, orgs: 0, changes: counts.changes };
  let left = room - reserve;
  let misses = 0;
  for (const scope of scopes) {
    const text = misses < tries && isPossible(scope, left) ? scopeMarkdown(scope, places, counts) : null;
    const size = text === null ? Number.POSITIVE_INFINITY : bytesOf(text) + 2;
    if (text === null || size > left) {
      misses += 1;
      leftOut[scope.org === null ? "catalog" : "orgs"] += 1;
      continue;
    }
    shown.push(text);
    left -= size;
    leftOut.changes -= scopeCounts(scope).changes;
  }
  return [...shown, leftOutText(leftOut, shown.length > 0)].filter((part) => part !== "").join("\n\n");
}

/** Every change takes a line of some bytes at least: a part of a member is told beside others. */
function isPossible({ changes }: ScopePlan, left: number): boolean {
  return changes.length * 2 < left;
}

function scopeMarkdown(scope: ScopePlan, places: Places, { changes }: PlanCounts): string {
  const lines = scopeLines(scope, places, commentWidth).map(lineText);
  const isNew = scope.changes.some(({ kind, action }) => kind === "org" && action === "create");
  const name = scope.org === null ? "<b>catalog</b>" : `<b>${htmlCode(scope.org)}</b>`;
  const summary = `${name} ${isNew ? "new, " : ""}${changesText(scopeCounts(scope))}`;
  return `<details${changes <= few ? " open" : ""}><summary>${summary}</summary>\n\n${fenced("diff", lines)}\n\n</details>`;
}

/** A line as a diff has it: what colours it stands in the first column. */
function lineText({ role, sign, text, place }: PlanLine): string {
  const mark = role === "drift" || sign === "~" ? "!" : sign;
  const inner = " ".repeat(indents[role] - (role === "resource" ? 3 : 1));
  const line = `${mark}${inner}${text}`;
  return place === null ? line.trimEnd() : `${line}${place}`;
}

function leftOutText(
  { catalog, orgs, changes }: { readonly catalog: number; readonly orgs: number; readonly changes: number },
  isMore: boolean,
): string {
  const what = [
    ...(catalog > 0 ? ["the catalog"] : []),
    ...(orgs > 0 ? [isMore ? `${figure(orgs)} more org${orgs === 1 ? "" : "s"}` : counted(orgs, "org")] : []),
  ];
  if (what.length === 0) return "";
  return `and ${what.join(" and ")} with ${counted(changes, "change")}: run \`tenantry plan\``;
}
