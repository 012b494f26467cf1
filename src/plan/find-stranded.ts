import { addressOf } from "../model/address.ts";
import { descriptorOf } from "../model/kinds.ts";
import type { ActualRow, ActualState } from "../model/state.ts";
import type { PlannedScope } from "./make-plan.ts";
import type { Finding } from "./plan.ts";

/** Rows that would refer to what is not there, bear a name that another has, or be left behind by their org. */
export function findStranded(planned: readonly PlannedScope[], after: ActualState): Finding[] {
  const rows = new Map<string, ActualRow>();
  for (const scope of [after.catalog, ...after.orgs]) {
    for (const all of scope.rows.values()) for (const row of all) rows.set(row.id, row);
  }
  return planned.flatMap((scope) => [...leftBehind(scope, rows), ...strandedRows(scope, rows)]);
}

function leftBehind({ org, orgId, matched }: PlannedScope, rows: ReadonlyMap<string, ActualRow>): Finding[] {
  if (org === null || rows.has(orgId)) return [];
  const left = matched.pairs.filter(({ id }) => rows.has(id)).length;
  if (left === 0) return [];
  const message = `The org would go away, and ${left} of its rows that came later would stay.`;
  return [stranded(addressOf(org, "org", ""), message)];
}

function strandedRows(
  { org, matched, changes }: PlannedScope,
  rows: ReadonlyMap<string, ActualRow>,
): Finding[] {
  const written = new Set(changes.map(({ id }) => id));
  const named = new Set<string>();
  return matched.pairs.flatMap(({ kind, id, key }): Finding[] => {
    const row = rows.get(id);
    if (!row) return [];
    const address = addressOf(org, kind, key);
    const isTaken = named.has(`${kind} ${key}`);
    named.add(`${kind} ${key}`);
    if (isTaken) return [stranded(address, "Another has its name since.")];
    if (!written.has(id)) return [];
    const missing = Object.entries(descriptorOf(kind).fields).filter(([name, field]) => {
      const to = row.fields[name];
      return field.type === "reference" && typeof to === "string" && !rows.has(to);
    });
    return missing.map(([name]) =>
      stranded(address, `Its ${name.replaceAll("_", " ")} is not there any more.`),
    );
  });
}

function stranded(subject: string, message: string): Finding {
  const help = "Take back what came later first, or write the manifests as they are meant.";
  return { code: "still-used", subject, message, help, canPass: false, at: null };
}
