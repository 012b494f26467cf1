import pc from "picocolors";
import { printable } from "../diagnostic/printable.ts";
import { wrapped } from "./layout.ts";
import { counted } from "./plan-counts.ts";

/** Something found in a database, as it is told. */
export interface ShownFinding {
  readonly id: string;
  readonly severity: "error" | "warning" | "note";
  readonly where: string;
  readonly risk: string;
  readonly mend: string;
  readonly sql: readonly string[];
}

export interface ShownExamination {
  readonly findings: readonly ShownFinding[];
  /** How many were left out because they are accepted. */
  readonly accepted: number;
  readonly unseen: readonly string[];
  readonly tables: number;
  readonly login: string;
  /** Where the database is. */
  readonly place: string;
}

/** What was found, each with what can happen and how to mend it; what could not be seen; and a count. SQL is on lines of its own, whole. */
export function doctorText(
  { findings, accepted, unseen, tables, login, place }: ShownExamination,
  { colour, width }: { readonly colour: boolean; readonly width: number },
): string {
  const colours = pc.createColors(colour);
  const paint = { error: colours.red, warning: colours.yellow, note: colours.cyan };
  const blocks = findings.map(({ id, severity, where, risk, mend, sql }) =>
    [
      `${paint[severity](colours.bold(`${severity}[${id}]`))} ${colours.bold(printable(where))}`,
      ...wrapped("  ", printable(risk), width),
      ...wrapped("  ", printable(mend), width),
      ...sql.map((statement) => `    ${printable(statement)};`),
    ].join("\n"),
  );
  const bad = findings.filter(({ severity }) => severity !== "note").length;
  const foot = [
    ...unseen.flatMap((one) => wrapped("not seen  ", printable(one), width)),
    `${bad === 0 ? "No leak found" : counted(bad, "finding")} in ${printable(place)}, looked at as ${printable(login)}: ${counted(tables, "table")} with org_id${accepted > 0 ? `, ${counted(accepted, "accepted finding")}` : ""}.`,
  ];
  return `${[...blocks, foot.join("\n")].join("\n\n")}\n`;
}
