import pc from "picocolors";
import { columnsOf } from "../diagnostic/printable.ts";
import type { KeysAfter } from "../plan/keys-after.ts";
import type { Plan, ScopePlan } from "../plan/plan.ts";
import type { Colours } from "./colours.ts";
import { scopeCounts } from "./plan-counts.ts";
import { findingLines, noteLines } from "./plan-finding-text.ts";
import { footLines } from "./plan-foot-text.ts";
import { countLines, headLines, type PlanAbout } from "./plan-head-text.ts";
import { keysLines } from "./plan-keys-text.ts";
import { indents, type Places, type PlanLine, scopeLines } from "./plan-lines.ts";

export interface PlanView extends Places {
  readonly colour: boolean;
  /** How many columns a line may take. */
  readonly width: number;
  readonly about: PlanAbout;
  /** What it decides for people, as `impactText` says it; null where nothing moves or nobody asked. */
  readonly impact?: string | null;
  /** What becomes of keys; null where there is nothing to say or nobody looked. */
  readonly keys?: KeysAfter | null | undefined;
}

/**
 * The plan as a reviewer reads it: how much changes, what stands in the way, org by org what changes, what that
 * decides for people, and how near the brakes are. Nothing of it is cut, and nothing in it can steer a terminal.
 */
export function planText(plan: Plan, view: PlanView): string {
  const colours = pc.createColors(view.colour);
  const blocks = [
    [...headLines(plan, view, colours), ...countLines(plan, view, colours)],
    ...plan.findings.map((finding) => findingLines("BLOCKED", finding, view, colours)),
    ...plan.allowed.map((finding) => findingLines("ALLOWED", finding, view, colours)),
    plan.scopes.flatMap((scope) => scopeText(scope, view, colours)),
    view.impact ? [view.impact.trimEnd()] : [],
    keysLines(view.keys, view.width),
    noteLines(plan.notes, view, colours),
    footLines(plan, view.width),
  ];
  const written = blocks.filter((block) => block.length > 0).map((block) => block.join("\n"));
  return `${written.join("\n\n")}\n`;
}

function scopeText(scope: ScopePlan, view: PlanView, colours: Colours): string[] {
  const lines = scopeLines(scope, view, view.width);
  return [scopeTitle(scope, colours), ...lines.map((line) => lineText(line, view.width, colours))];
}

function scopeTitle(scope: ScopePlan, colours: Colours): string {
  const isNew = scope.changes.some(({ kind, action }) => kind === "org" && action === "create");
  const mark = scopeCounts(scope).drift > 0 ? colours.magenta("  ! drift") : "";
  return colours.bold(scopeName(scope)) + (isNew ? colours.green("  new") : "") + mark;
}

/** The org's slug, safe to print; `catalog` for the catalog. */
export function scopeName({ org }: Pick<ScopePlan, "org">): string {
  return org === null ? "catalog" : org;
}

function lineText({ role, sign, text, place }: PlanLine, width: number, colours: Colours): string {
  const paint = {
    "+": colours.green,
    "~": colours.yellow,
    "-": colours.red,
    " ": (plain: string) => plain,
  }[sign];
  const indent = " ".repeat(indents[role] - (role === "resource" ? 2 : 0));
  if (role === "diff") return `${indent}${paint(`${sign} ${text}`)}`.trimEnd();
  if (role === "drift") return `${indent}${colours.magenta(text)}`;
  const left = role === "resource" ? `${indent}${paint(sign)} ${text}` : `${indent}${text}`;
  if (place === null) return left.trimEnd();
  // A place that found no room beside its resource stands below it, at the right all the same.
  const alone = text === "" ? Math.max(0, width - indents[role] - columnsOf(place)) : 0;
  return `${left}${" ".repeat(alone)}${colours.dim(place)}`;
}
