import pc from "picocolors";
import type { KeysAfter } from "../plan/keys-after.ts";
import type { Plan } from "../plan/plan.ts";
import { bytesOf, codeSpan, commentWidth, fenced } from "./markdown.ts";
import { minuteText } from "./minute-text.ts";
import { actionsText, changesText, counted, figure, type PlanCounts, planCounts } from "./plan-counts.ts";
import { findingLines, noteLines } from "./plan-finding-text.ts";
import { footLines } from "./plan-foot-text.ts";
import { aboutPieces, type PlanAbout, wherePieces } from "./plan-head-text.ts";
import { keysLines } from "./plan-keys-text.ts";
import type { Places } from "./plan-lines.ts";
import { scopesMarkdown } from "./scope-markdown.ts";

export interface MarkdownView extends Places {
  readonly about: PlanAbout;
  /** What it decides for people, as `impactText` says it without colour; null where nothing moves or nobody asked. */
  readonly impact?: string | null;
  /** What becomes of keys; null where there is nothing to say or nobody looked. */
  readonly keys?: KeysAfter | null | undefined;
}

/** GitHub takes 65,536 characters; a little is left to whoever adds a line. Counted in bytes, which are never fewer. */
const limit = 65_000;

/** The most that each part may take, so that what matters more is there whatever else there is. */
const room = {
  findings: 24_000,
  allowed: 4_000,
  impact: 16_000,
  keys: 4_000,
  notes: 3_000,
  foot: 2_000,
} as const;

/**
 * The plan as one comment on a pull request: counts, what blocks it, what it decides, then the catalog and every org to
 * unfold. It always fits; what is left out is told. Everything that users wrote stands in code: it is shown as it
 * is, and mentions nobody. The comment in its first line says which estate it is for, so that it can be found again.
 */
export function planMarkdown(plan: Plan, view: MarkdownView): string {
  const counts = planCounts(plan);
  const before = [
    `${marker(view.about)}\n${titleText(plan, counts)}`,
    headText(plan, counts, view),
    findingsText(plan, view),
    allowedText(plan, view),
    impactText(view.impact),
    keysText(view.keys),
  ];
  const after = [notesText(plan, view), footText(plan)];
  const used = [...before, ...after].reduce((sum, part) => sum + bytesOf(part) + 2, 0);
  const scopes = scopesMarkdown(plan, { places: view, counts, room: limit - used });
  return `${[...before, scopes, ...after].filter((part) => part !== "").join("\n\n")}\n`;
}

/** Nothing in it can end the comment that it stands in. */
function marker({ estate }: PlanAbout): string {
  const name = estate
    .slice(0, 200)
    .replace(/[^\w ./:-]/g, "_")
    .replace(/-{2,}/g, "-");
  return `<!-- tenantry plan: ${name} -->`;
}

function titleText({ findings, orgCount }: Plan, counts: PlanCounts): string {
  const changes = counts.changes === 0 ? "no changes" : changesText(counts);
  const blocked = findings.length > 0 ? ` · ${figure(findings.length)} blocked` : "";
  const all = counts.changes === 0 && blocked === "" ? `, ${counted(orgCount, "org")} as declared` : "";
  return `### tenantry plan: ${changes}${all}${blocked}`;
}

function headText(plan: Plan, counts: PlanCounts, { about }: MarkdownView): string {
  const from = [...aboutPieces(plan, about).map((piece) => codeSpan(piece)), minuteText(plan.now)];
  const what = [actionsText(counts), ...wherePieces(plan, counts)].filter((piece) => piece !== "");
  return [from.join(" · "), ...(what.length === 0 ? [] : [what.join(" · ")])].join("\n");
}

const plain = pc.createColors(false);

function findingsText({ findings }: Plan, places: MarkdownView): string {
  if (findings.length === 0) return "";
  const view = { ...places, width: commentWidth };
  const blocks = findings.map((finding) => () => findingLines("BLOCKED", finding, view, plain));
  return `**Blocked: nothing can be applied.**\n\n${block(blocks, room.findings, "blocked")}`;
}

function allowedText({ allowed }: Plan, places: MarkdownView): string {
  if (allowed.length === 0) return "";
  const view = { ...places, width: commentWidth };
  const blocks = allowed.map((finding) => () => findingLines("ALLOWED", finding, view, plain));
  return block(blocks, room.allowed, "let pass");
}

function impactText(impact: string | null | undefined): string {
  if (!impact) return "";
  const lines = impact.trimEnd().split("\n");
  const pieces = lines.map((line) => () => [line]);
  return block(pieces, room.impact, "lines");
}

function keysText(keys: KeysAfter | null | undefined): string {
  if (!keys) return "";
  const lines = keysLines(keys, commentWidth).map((line) => () => [line]);
  return block(lines, room.keys, "lines");
}

function notesText({ notes }: Plan, places: MarkdownView): string {
  if (notes.length === 0) return "";
  const view = { ...places, width: commentWidth };
  const blocks = notes.map((note) => () => noteLines([note], view, plain));
  return block(blocks, room.notes, "notes");
}

function footText(plan: Plan): string {
  const lines = footLines(plan, commentWidth).map((line) => () => [line]);
  return block(lines, room.foot, "lines");
}

/** As many pieces as there is room for, whole, in one fenced block; then how many there are besides. */
function block(pieces: readonly (() => readonly string[])[], most: number, what: string): string {
  const shown: string[] = [];
  let used = 0;
  for (const piece of pieces) {
    const text = piece().join("\n");
    used += bytesOf(text) + 1;
    if (used > most) break;
    shown.push(text);
  }
  const written = () => (shown.length === 0 ? "" : fenced("text", shown.join("\n").split("\n")));
  // A fence may have to be longer than all that stands in it.
  while (bytesOf(written()) > most + 16) shown.pop();
  const more = pieces.length - shown.length;
  const told = more > 0 ? `and ${figure(more)} more ${what}: run \`tenantry plan\`` : "";
  return [written(), told].filter((part) => part !== "").join("\n\n");
}
