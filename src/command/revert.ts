import { randomUUID } from "node:crypto";
import type { Database } from "../database/connect.ts";
import { writePlan } from "../database/write-plan.ts";
import { passFindings } from "../plan/pass-findings.ts";
import type { Plan } from "../plan/plan.ts";
import { type ManifestPatch, patchManifests } from "../reconcile/patch-manifests.ts";
import { planRevert, type RevertPlan } from "../reconcile/plan-revert.ts";
import { patchText } from "../view/patch-text.ts";
import { planText } from "../view/plan-text.ts";
import { toldJson } from "../view/told-json.ts";
import { type ExitCode, exitCode } from "./exit-code.ts";
import { findProvenance, type ProvenanceOptions } from "./find-provenance.ts";
import type { Terminal } from "./terminal.ts";
import { unknownRevision } from "./unknown-revision.ts";
import { type DatabaseOptions, placeOf, withDatabase } from "./with-database.ts";
import { writeManifests } from "./write-manifests.ts";

export interface RevertOptions extends DatabaseOptions, ProvenanceOptions {
  readonly dir: string;
  readonly json: boolean;
  readonly yes: boolean;
  /** In seconds. */
  readonly lockTimeout: number;
  /** What to let pass once, as `revert-conflict:acme/trace`. */
  readonly allow: readonly string[];
  /** Whether to show the edits of the manifests without which the next run would undo it. */
  readonly patch: boolean;
  /** Whether to make these edits too. */
  readonly write: boolean;
}

/** Takes back what a revision did, and only that: shows the plan, asks, and makes it so in one transaction. */
export async function revert(
  revision: number,
  options: RevertOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  return withDatabase(options, terminal, async (database) => {
    const made = await planRevert(database, revision, new Date());
    if (!made) return unknownRevision(revision, database);
    const plan = passFindings(made.plan, options.allow);
    const patch = options.patch ? patchManifests(options.dir, made, new Date()) : null;
    const finish = (applied: number | null) => {
      if (options.json) terminal.out(`${JSON.stringify(dataOf(made, { plan, patch, applied }), null, 2)}\n`);
    };
    if (!options.json) show(made, { plan, patch, database }, terminal);
    if (plan.findings.length > 0 || plan.scopes.length === 0) {
      finish(null);
      return plan.findings.length > 0 ? exitCode.refused : exitCode.done;
    }
    if (!(await isAgreed(options, terminal))) return exitCode.error;
    const { actor } = await findProvenance(options, process.env);
    const written = await writePlan(database, plan, {
      applyId: randomUUID(),
      actor,
      title: `Revert revision ${revision}`,
      lockTimeout: options.lockTimeout * 1_000,
    });
    finish(written.revision);
    if (!options.json) {
      terminal.out(
        `\nReverted. ${written.rows} ${written.rows === 1 ? "row" : "rows"}; the estate is at revision ${written.revision}.\n`,
      );
    }
    if (patch && options.write) writeManifests(options.dir, patch.files, terminal);
    if (!patch) terminal.talk(`${warning(made)}\n`);
    return exitCode.done;
  });
}

interface Outcome {
  readonly plan: Plan;
  readonly patch: ManifestPatch | null;
}

function show(
  { revision }: RevertPlan,
  { plan, patch, database }: Outcome & { readonly database: Database },
  terminal: Terminal,
): void {
  if (plan.scopes.length === 0 && plan.findings.length === 0) {
    terminal.out(`Nothing of revision ${revision.revision} is left to take back.\n`);
  } else {
    const about = {
      estate: `revert of revision ${revision.revision} in ${placeOf(database)}`,
      provenance: null,
    };
    const { colour, width } = terminal;
    terminal.out(planText(plan, { colour, width, declaredAt: () => null, about }));
  }
  if (patch) terminal.out(`\n${patchText(patch, terminal)}`);
}

function warning({ revision }: RevertPlan): string {
  const { commit } = revision;
  const git = commit === null ? "" : `, or revert the commit ${commit} in Git`;
  return `warning: the manifests still say what revision ${revision.revision} made of them: the next apply brings it back.\n  See what to edit with --patch, have it edited with --patch --write${git}.`;
}

function dataOf(
  { revision }: RevertPlan,
  { plan, patch, applied }: Outcome & { readonly applied: number | null },
) {
  return {
    format: "tenantry/revert/v1",
    reverts: revision.revision,
    applied: applied !== null,
    revision: applied ?? plan.base.revision,
    findings: plan.findings,
    allowed: plan.allowed,
    changes: toldJson(plan.scopes),
    patch: patch && {
      files: patch.files.map(({ path, after }) => ({ path, text: after })),
      byHand: patch.byHand,
    },
  };
}

async function isAgreed({ yes }: RevertOptions, terminal: Terminal): Promise<boolean> {
  if (yes) return true;
  if (!terminal.confirm) {
    terminal.talk(
      "error: nobody is here to be asked, so that nothing was reverted. Say --yes to revert without asking.\n",
    );
    return false;
  }
  if (await terminal.confirm("Take this back?")) return true;
  terminal.talk("Nothing was reverted.\n");
  return false;
}
