import pc from "picocolors";
import { printable } from "../diagnostic/printable.ts";
import type { Writer } from "../model/state.ts";
import type { Change } from "../plan/plan.ts";
import { commitText } from "./commit-text.ts";
import { type HistoryView, writerText } from "./history-text.ts";
import { counted } from "./plan-counts.ts";
import { toldChanges } from "./told-changes.ts";

/** What one transaction did in an org. */
export interface ShownTransaction {
  readonly org: string | null;
  readonly orgId: string;
  readonly by: Writer;
  readonly revision: number | null;
  readonly commit: string | null;
  readonly title: string | null;
  readonly changes: readonly Change[];
}

export interface AuditAbout {
  /** `acme, since 2026-10-22` */
  readonly subject: string;
  /** Set where there is more than was asked for. */
  readonly limit: number | null;
}

/** What happened in an org: each transaction with who made it, and below it what it changed. */
export function auditText(
  transactions: readonly ShownTransaction[],
  { subject, limit }: AuditAbout,
  { colour, width }: HistoryView,
): string {
  const colours = pc.createColors(colour);
  if (transactions.length === 0) return `${printable(subject)}: nothing changed.\n`;
  const head = `${colours.bold(printable(subject))}   ${counted(transactions.length, "transaction")}`;
  const blocks = transactions.map((one) =>
    [
      `${colours.dim(secondText(one.by.at))}  ${printable(madeBy(one))}`,
      ...toldChanges(one, width, colours),
    ].join("\n"),
  );
  const more = limit === null ? [] : [`Only the newest ${counted(limit, "event")}; --limit shows more.`];
  return `${[head, ...blocks, ...more].join("\n\n")}\n`;
}

function madeBy({ by, revision, commit, title }: ShownTransaction): string {
  if (revision === null) return `by hand: ${writerText(by)}`;
  const from = commit === null ? "" : `, ${commitText(commit)}${title === null ? "" : ` "${title}"`}`;
  return `revision ${revision} by ${by.actor ?? by.login}${from}`;
}

/** `2026-11-20 14:02:31Z` */
function secondText(at: string): string {
  return `${at.slice(0, 19).replace("T", " ")}Z`;
}
