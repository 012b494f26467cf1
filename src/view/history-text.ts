import pc from "picocolors";
import { columnsOf, printable } from "../diagnostic/printable.ts";
import type { Writer } from "../model/state.ts";
import type { ScopePlan } from "../plan/plan.ts";
import { commitText } from "./commit-text.ts";
import { padded } from "./layout.ts";
import { minuteText } from "./minute-text.ts";
import { counted, figure } from "./plan-counts.ts";
import { toldChanges } from "./told-changes.ts";

/** An apply, as history tells of it. */
export interface ShownRevision {
  readonly revision: number;
  readonly at: string;
  readonly actor: string;
  readonly commit: string | null;
  readonly title: string | null;
  /** Of each kind, how many rows it created, updated and deleted. */
  readonly counts: { readonly [kind: string]: { readonly [action in Action]?: number } };
  /** How many orgs it changed. */
  readonly orgs: number;
}

type Action = "create" | "update" | "delete";

export interface HistoryView {
  readonly colour: boolean;
  readonly width: number;
}

/** The revisions as a table, a line each, in the order that they come in. */
export function historyText(revisions: readonly ShownRevision[], { colour }: HistoryView): string {
  const colours = pc.createColors(colour);
  const table = revisions.map((one) => [
    String(one.revision),
    minuteText(one.at),
    printable(one.actor),
    one.commit === null ? "" : printable(commitText(one.commit)),
    rowsText(one),
    one.title === null ? "" : printable(one.title),
  ]);
  const titles = ["revision", "when", "by", "commit", "rows", ""];
  const columns = titles.map((title, index) =>
    Math.max(columnsOf(title), ...table.map((cells) => columnsOf(cells[index] ?? ""))),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, index) =>
        index === 0 ? cell.padStart(columns[0] ?? 0) : padded(cell, columns[index] ?? 0),
      )
      .join("  ")
      .trimEnd();
  return `${[colours.dim(line(titles)), ...table.map(line)].join("\n")}\n`;
}

/** `+12 ~3 -1 in 4 orgs` */
function rowsText({ counts, orgs }: ShownRevision): string {
  const sum = (action: Action) =>
    Object.values(counts).reduce((total, ofKind) => total + (ofKind[action] ?? 0), 0);
  const signs = { create: "+", update: "~", delete: "-" } as const;
  const signed = (Object.keys(signs) as Action[])
    .filter((action) => sum(action) > 0)
    .map((action) => `${signs[action]}${figure(sum(action))}`);
  return `${signed.join(" ")}${orgs > 0 ? ` in ${counted(orgs, "org")}` : ""}`;
}

/** One revision with all that it changed. */
export function revisionText(
  revision: ShownRevision,
  scopes: readonly ScopePlan[],
  { colour, width }: HistoryView,
): string {
  const colours = pc.createColors(colour);
  const { at, actor, commit, title } = revision;
  const from = [commit === null ? "" : commitText(commit), title === null ? "" : `"${title}"`];
  const head = [
    colours.bold(`revision ${revision.revision}`),
    printable([...from, `by ${actor}`].filter(Boolean).join(" ")),
    minuteText(at),
    rowsText(revision),
  ].join("   ");
  const blocks = scopes.map((scope) =>
    [colours.bold(scope.org ?? "catalog"), ...toldChanges(scope, width, colours)].join("\n"),
  );
  return `${[head, ...blocks].join("\n\n")}\n`;
}

/** Who wrote something last: an apply, or anybody else. */
export type LastWriter = Writer & { readonly revision: number | null };

/** What changed since a revision, org by org, and in it by who wrote it last. */
export function sinceText(
  about: string,
  scopes: readonly { readonly scope: ScopePlan; readonly by: LastWriter | null }[],
  { colour, width }: HistoryView,
): string {
  const colours = pc.createColors(colour);
  if (scopes.length === 0) return `${about}: nothing changed.\n`;
  const blocks = scopes.map(({ scope, by }) => {
    const head = `${colours.bold(scope.org ?? "catalog")}${by ? `   ${printable(lastWriterText(by))}` : ""}`;
    return [head, ...toldChanges(scope, width, colours)].join("\n");
  });
  return `${[about, ...blocks].join("\n\n")}\n`;
}

function lastWriterText(by: LastWriter): string {
  if (by.revision === null) return `${writerText(by)}, ${minuteText(by.at)}`;
  return `revision ${by.revision}${by.actor === null ? "" : ` by ${by.actor}`}, ${minuteText(by.at)}`;
}

/** `psql, role postgres, for dora`: who wrote something past the manifests, as the database knows it. */
export function writerText({ application, login, actor }: Omit<Writer, "at">): string {
  return [application, `role ${login}`, actor && `for ${actor}`].filter(Boolean).join(", ");
}
