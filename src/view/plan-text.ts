import pc from "picocolors";
import { columnsOf, printable } from "../diagnostic/printable.ts";
import { catalogId, type Path } from "../model/state.ts";
import type { Change, Finding, Plan, ScopePlan } from "../plan/plan.ts";
import { type ShownChange, shownChanges } from "./change-text.ts";

export interface PlanView {
  readonly colour: boolean;
  /** How wide a line may be before a place is put beside it rather than in its column. */
  readonly width: number;
  /** `tenants/orgs/acme.yaml:31`, where a path of an org or of the catalog is declared. */
  readonly declaredAt: (org: string | null, path: Path) => string | null;
  /** What was compared with what: `tenants with the embedded database, revision 4`. */
  readonly about: string;
}

type Colours = ReturnType<typeof pc.createColors>;

/** The plan as a reviewer reads it: what stands in the way, then org by org what changes, and the count. */
export function planText(plan: Plan, view: PlanView): string {
  const colours = pc.createColors(view.colour);
  const blocks = [
    headText(plan, view, colours),
    ...plan.findings.map((finding) => findingText(finding, view, colours)),
    ...plan.scopes.map((scope) => scopeText(scope, view, colours)),
    countText(plan, colours),
  ];
  return `${blocks.join("\n\n")}\n`;
}

function headText(plan: Plan, view: PlanView, colours: Colours): string {
  const minute = `${plan.now.slice(0, 16).replace("T", " ")}Z`;
  return `${colours.bold("tenantry plan")}   ${view.about}   ${colours.dim(minute)}`;
}

function findingText(
  { code, subject, message, help, at }: Finding,
  view: PlanView,
  colours: Colours,
): string {
  const place = at ? view.declaredAt(at.org, at.path) : null;
  const head = `${colours.red(colours.bold("BLOCKED"))} ${colours.bold(code)}  ${printable(subject)}`;
  return [withPlace(head, place, view, colours), `  ${printable(message)}`, `  ${printable(help)}`].join(
    "\n",
  );
}

function scopeText(scope: ScopePlan, view: PlanView, colours: Colours): string {
  const isNew = scope.changes.some(({ kind, action }) => kind === "org" && action === "create");
  const title = colours.bold(scope.org ?? "catalog") + (isNew ? colours.green("  new") : "");
  const shown = shownChanges(scope.org, scope.changes);
  const column = Math.min(36, Math.max(...shown.map(({ name }) => columnsOf(name))));
  return [title, ...shown.map((change) => changeText(change, column, scope, view, colours))].join("\n");
}

function changeText(
  { symbol, name, pieces, change }: ShownChange,
  column: number,
  scope: ScopePlan,
  view: PlanView,
  colours: Colours,
): string {
  const paint = { "+": colours.green, "~": colours.yellow, "-": colours.red }[symbol];
  const place = change.path ? view.declaredAt(scope.org, change.path) : null;
  const address = printable(name);
  const inOneLine = `  ${symbol} ${pad(address, column)}  ${pieces.join(" · ")}`;
  const fits = columnsOf(inOneLine) + columnsOf(place ?? "") + 2 <= view.width;
  // Several changed fields stand below each other, where before and after can be compared.
  if (pieces.length > 0 && fits && (change.action !== "update" || pieces.length === 1)) {
    return withPlace(inOneLine.replace(symbol, paint(symbol)), place, view, colours);
  }
  const head = withPlace(`  ${paint(symbol)} ${address}`, place, view, colours);
  return [head, ...pieces.flatMap((piece) => wrapped(piece, view.width))].join("\n");
}

/** A piece below its resource, broken at blanks where it is too long; what follows stands further in. */
function wrapped(piece: string, width: number): string[] {
  const lines: string[] = [];
  let line = "     ";
  for (const word of piece.split(" ")) {
    if (columnsOf(line) + columnsOf(word) + 1 > width && line.trim() !== "") {
      lines.push(line);
      line = "         ";
    }
    line += ` ${word}`;
  }
  return [...lines, line];
}

function withPlace(line: string, place: string | null, view: PlanView, colours: Colours): string {
  if (place === null) return line;
  const gap = view.width - columnsOf(plain(line)) - columnsOf(place);
  return `${line}${" ".repeat(Math.max(2, gap))}${colours.dim(printable(place))}`;
}

/** A line without its colours, to be measured. */
function plain(line: string): string {
  return line.replace(new RegExp(`${String.fromCharCode(27)}\\[\\d+m`, "g"), "");
}

function pad(text: string, column: number): string {
  return text + " ".repeat(Math.max(0, column - columnsOf(text)));
}

function countText(plan: Plan, colours: Colours): string {
  const count = (action: Change["action"]) =>
    plan.scopes.reduce(
      (sum, { changes }) => sum + changes.filter((change) => change.action === action).length,
      0,
    );
  const counts = { create: count("create"), update: count("update"), delete: count("delete") };
  const total = counts.create + counts.update + counts.delete;
  const blocked =
    plan.findings.length > 0 ? colours.red(` ${plan.findings.length} blocked: nothing can be applied.`) : "";
  if (total === 0 && blocked !== "") return `Nothing else would change.${blocked}`;
  if (total === 0) return `${colours.green("No changes.")} ${orgsText(plan.orgCount)} as declared.${blocked}`;
  const orgs = plan.scopes.filter(({ orgId }) => orgId !== catalogId).length;
  const where = [
    ...(orgs < plan.scopes.length ? ["the catalog"] : []),
    ...(orgs > 0 ? [orgsText(orgs)] : []),
  ].join(" and ");
  const what = `${counts.create} to create, ${counts.update} to update, ${counts.delete} to delete`;
  return `${colours.bold(`${total} ${total === 1 ? "row" : "rows"}`)} in ${where}: ${what}.${blocked}`;
}

function orgsText(count: number): string {
  return `${count} ${count === 1 ? "org" : "orgs"}`;
}
