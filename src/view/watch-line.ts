import { type DiagnosticCode, summaries } from "../diagnostic/codes.ts";
import type { Diagnostic } from "../diagnostic/diagnostic.ts";
import { placeText } from "../diagnostic/position.ts";
import { printable } from "../diagnostic/printable.ts";
import { sortDiagnostics } from "../diagnostic/sort-diagnostics.ts";
import { hideSecrets } from "../manifest/hide-secrets.ts";
import type { Finding, Plan } from "../plan/plan.ts";

/** One look of `watch` at the manifests and the database, and what came of it. */
export interface Cycle {
  readonly kind: "cycle";
  /** When it began. */
  readonly at: Date;
  /** What it was for: `tenants` is a change of the manifests, `interval` the time, `retry` a failure before it. */
  readonly cause: "start" | "tenants" | "interval" | "retry";
  readonly outcome: Outcome;
  readonly milliseconds: number;
}

export type Outcome = Planned | Applied | Invalid | Failed;

interface Planned {
  readonly kind: "planned";
  readonly plan: Plan;
}

interface Applied {
  readonly kind: "applied";
  readonly plan: Plan;
  readonly revision: number;
}

interface Invalid {
  readonly kind: "invalid";
  readonly diagnostics: readonly Diagnostic[];
}

interface Failed {
  readonly kind: "failed";
  /** Null for what nobody foresaw. */
  readonly code: string | null;
  readonly message: string;
  /** When it is tried again, in seconds. */
  readonly retryIn: number;
}

/** A cycle as one line for people; times are UTC. */
export function watchLine({ at, cause, outcome, milliseconds }: Cycle): string {
  const time = at.toISOString().slice(11, 19);
  const seconds = `${(milliseconds / 1_000).toFixed(1)} s`;
  return `${[time, cause.padEnd(8), ...outcomeWords(outcome), seconds].map(printable).join("  ")}\n`;
}

function outcomeWords(outcome: Outcome): string[] {
  switch (outcome.kind) {
    case "applied":
      return [changesWords(outcome.plan), `applied, revision ${outcome.revision}`];
    case "planned": {
      const { findings, base } = outcome.plan;
      if (findings.length > 0) return [changesWords(outcome.plan), `stopped by ${findingWords(findings)}`];
      const revision = `revision ${base.revision}`;
      return [changesWords(outcome.plan), isEmpty(outcome.plan) ? revision : `not applied, ${revision}`];
    }
    case "invalid": {
      const { place, code, detail, count } = firstOf(outcome.diagnostics);
      const problems = `${count} ${count === 1 ? "problem" : "problems"}, nothing planned`;
      return [`error[${code}] ${place === null ? "" : `${place} `}${detail}`, problems];
    }
    case "failed": {
      const { code, message, retryIn } = outcome;
      return [`error${code === null ? "" : `[${code}]`}: ${oneLine(message)}`, `tries again in ${retryIn} s`];
    }
  }
}

/** `3 changes in catalog, acme and 411 more, 1 of them drift` */
function changesWords(plan: Plan): string {
  const { changes, drift, scopes } = countsOf(plan);
  if (changes === 0) return "no changes";
  const shown = scopes.slice(0, 2);
  const rest = scopes.length - shown.length;
  const where = rest === 0 ? shown.join(" and ") : `${shown.join(", ")} and ${rest} more`;
  const drifted = drift === 0 ? "" : `, ${drift} ${changes === 1 ? "" : "of them "}drift`;
  return `${changes} ${changes === 1 ? "change" : "changes"} in ${where}${drifted}`;
}

function findingWords([first, ...others]: readonly Finding[]): string {
  const { code, subject, message } = first as Finding;
  const more = others.length === 0 ? "" : `, and ${others.length} more`;
  return `${code} ${subject}: ${oneLine(message)}${more}`;
}

/** A cycle as one object, for scripts. Fields may be added to a version of the format, and are never taken away. */
export function watchJson({ at, cause, outcome, milliseconds }: Cycle): object {
  return {
    format: "tenantry/watch/v1",
    at: at.toISOString(),
    cause,
    outcome: outcome.kind,
    ...outcomeJson(outcome),
    seconds: milliseconds / 1_000,
  };
}

function outcomeJson(outcome: Outcome): object {
  switch (outcome.kind) {
    case "applied":
      return { ...countsOf(outcome.plan), findings: [], revision: outcome.revision };
    case "planned": {
      const { plan } = outcome;
      const findings = plan.findings.map(({ code, subject, message, help }) => ({
        code,
        subject,
        message,
        help,
      }));
      return { ...countsOf(plan), findings, revision: plan.base.revision };
    }
    case "invalid": {
      const { count, ...first } = firstOf(outcome.diagnostics);
      return { problems: count, first };
    }
    case "failed":
      return { error: { code: outcome.code, message: outcome.message }, retryIn: outcome.retryIn };
  }
}

interface Counts {
  readonly changes: number;
  readonly drift: number;
  /** `catalog`, or the slugs of orgs. */
  readonly scopes: readonly string[];
}

function countsOf(plan: Plan): Counts {
  const changes = plan.scopes.flatMap((scope) => scope.changes);
  const drifted = changes.filter((change) =>
    change.action === "update" ? change.fields.some(({ drift }) => drift !== null) : change.drift !== null,
  );
  return {
    changes: changes.length,
    drift: drifted.length,
    scopes: plan.scopes.map(({ org }) => org ?? "catalog"),
  };
}

function isEmpty(plan: Plan): boolean {
  return plan.scopes.length === 0;
}

interface First {
  readonly code: DiagnosticCode;
  readonly summary: string;
  readonly place: string | null;
  readonly detail: string;
  readonly count: number;
}

function firstOf(diagnostics: readonly Diagnostic[]): First {
  const { code, at, detail } = hideSecrets(sortDiagnostics(diagnostics))[0] as Diagnostic;
  return {
    code,
    summary: summaries[code],
    place: at && placeText(at),
    detail: oneLine(detail),
    count: diagnostics.length,
  };
}

function oneLine(text: string): string {
  return text.trim().replace(/\s*\n\s*/g, " ");
}
