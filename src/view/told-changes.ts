import type pc from "picocolors";
import type { ScopePlan } from "../plan/plan.ts";
import { indents, type PlanLine, scopeLines } from "./plan-lines.ts";

type Colours = ReturnType<typeof pc.createColors>;

/** Changes that were made, line by line as a plan shows those to come. Manifests may declare them elsewhere by now. */
export function toldChanges(
  scope: Pick<ScopePlan, "org" | "orgId" | "changes">,
  width: number,
  colours: Colours,
): string[] {
  const places = { declaredAt: () => null };
  return scopeLines({ ...scope, ids: new Map() }, places, width).map((line) => lineText(line, colours));
}

function lineText({ role, sign, text }: PlanLine, colours: Colours): string {
  const paint = {
    "+": colours.green,
    "~": colours.yellow,
    "-": colours.red,
    " ": (plain: string) => plain,
  }[sign];
  if (role === "diff") return `${" ".repeat(indents.diff)}${paint(`${sign} ${text}`)}`.trimEnd();
  if (role === "resource") return `${" ".repeat(indents.resource - 2)}${paint(sign)} ${text}`.trimEnd();
  return `${" ".repeat(indents[role])}${text}`.trimEnd();
}
