import type { Outcome } from "./attempt.ts";
import type { WorkingRole } from "./granted.ts";
import type { Case, Verdict } from "./judge.ts";

/** What an attack came to. */
export interface Tally {
  readonly byRole: Map<WorkingRole, { statements: number; refused: number; empty: number; ownRows: number }>;
  /** The relations of which each role saw rows that it may see. */
  readonly seen: Map<WorkingRole, Set<string>>;
  /** The verbs that were tried, settings that they were tried under, and what they were aimed at. */
  readonly tried: Set<string>;
  readonly leaks: string[];
}

export function emptyTally(): Tally {
  return { byRole: new Map(), seen: new Map(), tried: new Set(), leaks: [] };
}

export function noteVerdict(
  tally: Tally,
  tried: Case,
  setting: string,
  verdict: Verdict,
  outcome: Outcome,
): void {
  const { role, form, relation, sql } = tried;
  const counts = tally.byRole.get(role) ?? { statements: 0, refused: 0, empty: 0, ownRows: 0 };
  tally.byRole.set(role, counts);
  counts.statements++;
  for (const what of [`${role} ${relation.name}`, `${role} ${form.verb}`, `${role}, ${setting}`])
    tally.tried.add(what);
  if (verdict === "refused") counts.refused++;
  else if (verdict === "empty") counts.empty++;
  else if (verdict === "own rows") {
    counts.ownRows++;
    const seen = tally.seen.get(role) ?? new Set();
    tally.seen.set(role, seen.add(relation.name));
  } else {
    const answer = outcome.error?.text ?? JSON.stringify([outcome.results, outcome.words]);
    tally.leaks.push(`${role}, setting ${setting}: ${verdict.leak}\n  ${sql}\n  ${answer.slice(0, 300)}`);
  }
}

export function statementsOf(tally: Tally): number {
  return [...tally.byRole.values()].reduce((sum, { statements }) => sum + statements, 0);
}

export function tallyText(tally: Tally): string {
  return [...tally.byRole]
    .map(
      ([role, { statements, refused, empty, ownRows }]) =>
        `${role} ${statements.toLocaleString("en")}: ${refused.toLocaleString("en")} refused, ${empty.toLocaleString("en")} empty, ${ownRows.toLocaleString("en")} with rows that are its own`,
    )
    .join("; ");
}
