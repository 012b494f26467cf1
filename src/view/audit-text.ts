import pc from "picocolors";
import { printable } from "../diagnostic/printable.ts";
import type { Writer } from "../model/state.ts";
import type { Change } from "../plan/plan.ts";
import { commitText } from "./commit-text.ts";
import { type HistoryView, writerText } from "./history-text.ts";
import { counted, figure } from "./plan-counts.ts";
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

/** What became of a key, or who was let in or refused. */
export interface ShownAccess {
  readonly at: string;
  readonly keyName: string | null;
  readonly what: string;
  readonly reason: string | null;
  readonly count: number;
  readonly by: Omit<Writer, "at">;
}

export interface AuditAbout {
  /** `acme, since 2026-10-22` */
  readonly subject: string;
  /** Set where there is more than was asked for. */
  readonly limit: number | null;
  /** Told between the transactions, by time. */
  readonly access?: readonly ShownAccess[];
}

/** What happened in an org: each transaction with who made it, and below it what it changed. */
export function auditText(
  transactions: readonly ShownTransaction[],
  { subject, access = [], limit }: AuditAbout,
  { colour, width }: HistoryView,
): string {
  const colours = pc.createColors(colour);
  if (transactions.length + access.length === 0) return `${printable(subject)}: nothing changed.\n`;
  const head = `${colours.bold(printable(subject))}   ${[
    ...(transactions.length > 0 ? [counted(transactions.length, "transaction")] : []),
    ...(access.length > 0 ? [counted(access.length, "key event")] : []),
  ].join(" · ")}`;
  const told = [
    ...transactions.map((one) => ({
      at: one.by.at,
      lines: [printable(madeBy(one)), ...toldChanges(one, width, colours)],
    })),
    ...access.map((one) => ({ at: one.at, lines: [printable(accessText(one))] })),
  ].sort((a, b) => Date.parse(b.at) - Date.parse(a.at));
  const blocks = told.map(({ at, lines }) => `${colours.dim(secondText(at))}  ${lines.join("\n")}`);
  const more = limit === null ? [] : [`Only the newest ${counted(limit, "event")}; --limit shows more.`];
  return `${[head, ...blocks, ...more].join("\n\n")}\n`;
}

/** `key ci revoked by psql, role postgres`, `key ci refused 12 times: expired, by tenantry serve, role app` */
function accessText({ keyName, what, reason, count, by }: ShownAccess): string {
  const key = keyName === null ? "a key that nobody knows" : `key ${keyName}`;
  const times = count === 1 ? "" : ` ${figure(count)} times`;
  return `${key} ${what}${times}${reason === null ? "" : `: ${reason}`}, by ${writerText(by)}`;
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
