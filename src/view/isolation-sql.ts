import { printable } from "../diagnostic/printable.ts";

/** What isolates a table, as it is printed. */
export interface ShownIsolation {
  readonly table: string;
  readonly steps: readonly { readonly sql: string; readonly replaces: string | null }[];
  readonly suggestions: readonly { readonly why: string; readonly sql: string }[];
  readonly notes: readonly string[];
}

/** The isolation of tables as SQL for psql, in one transaction; what is only said is a comment. */
export function isolationSql(isolations: readonly ShownIsolation[]): string {
  const due = isolations.filter(({ steps }) => steps.length > 0);
  const done = isolations.filter(({ steps }) => steps.length === 0);
  const blocks = [
    ...(due.length > 0 ? [`begin;\n\n${due.map(tableSql).join("\n")}\ncommit;\n`] : []),
    ...done.map((one) => `${comment(`${one.table}: nothing to do.`)}${suggestionSql(one)}`),
    ...due.map(suggestionSql).filter((text) => text !== ""),
  ];
  return blocks.join("\n");
}

function tableSql({ table, steps, notes }: ShownIsolation): string {
  const statements = steps.map(
    ({ sql, replaces }) => `${replaces === null ? "" : comment(`instead of: ${replaces}`)}${sql};\n`,
  );
  return [comment(table), ...notes.map(comment), ...statements].join("");
}

function suggestionSql({ table, suggestions }: ShownIsolation): string {
  return suggestions.map(({ why, sql }) => comment(`${table}: ${why}:`) + comment(`  ${sql};`)).join("");
}

/** On one line, whatever names are in it: what follows a line feed would be run. */
function comment(text: string): string {
  return `-- ${printable(text.replace(/\s*\n\s*/g, " "))}\n`;
}
