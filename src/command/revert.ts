import { randomUUID } from "node:crypto";
import { type ManifestPatch, patchManifests } from "../reconcile/patch-manifests.ts";
import type { RevertPlan } from "../reconcile/plan-revert.ts";
import { reviewRevert } from "../reconcile/review-revert.ts";
import { patchText } from "../view/patch-text.ts";
import { type ApplyChoice, carryOut } from "./carry-out.ts";
import { type ExitCode, exitCode } from "./exit-code.ts";
import { findProvenance, type ProvenanceOptions } from "./find-provenance.ts";
import type { Terminal } from "./terminal.ts";
import { unknownRevision } from "./unknown-revision.ts";
import { UsageError } from "./usage-error.ts";
import { type DatabaseOptions, placeOf, withDatabase } from "./with-database.ts";
import { writeManifests } from "./write-manifests.ts";

export interface RevertOptions extends DatabaseOptions, ProvenanceOptions, ApplyChoice {
  readonly dir: string;
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
  if (options.write && !options.patch)
    throw new UsageError("--write makes the edits that --patch shows: give both.");
  return withDatabase(options, terminal, async (database) => {
    const now = new Date();
    const reviewed = await reviewRevert(database, revision, { now, allow: options.allow });
    if (!reviewed) return unknownRevision(revision, database);
    const { made, plan, impact, keys, faults } = reviewed;
    if (faults.length > 0) throw new UsageError(faults.join("\n"));
    const patch = options.patch ? patchManifests(options.dir, made, now) : null;
    const { actor } = await findProvenance(options, process.env);
    const proposal = {
      plan,
      impact,
      keys,
      about: { estate: `revert of revision ${revision} in ${placeOf(database)}`, provenance: null },
      places: { declaredAt: () => null },
      origin: { applyId: randomUUID(), actor, title: `Revert revision ${revision}` },
      data: { reverts: revision, patch: patch && patchData(patch) },
    };
    if (patch && !options.json) terminal.out(`${patchText(patch, terminal)}\n`);
    if (plan.scopes.length === 0 && plan.findings.length === 0 && !options.json) {
      terminal.out(`Nothing of revision ${revision} is left to take back.\n`);
      return exitCode.done;
    }
    const ended = await carryOut(database, proposal, options, terminal);
    if (ended !== exitCode.done) return ended;
    if (patch && options.write) writeManifests(options.dir, patch.files, terminal);
    if (!patch) terminal.talk(`${warning(made)}\n`);
    return ended;
  });
}

function patchData({ files, byHand }: ManifestPatch) {
  return { files: files.map(({ path, after }) => ({ path, text: after })), byHand };
}

function warning({ revision }: RevertPlan): string {
  const { commit } = revision;
  const git = commit === null ? "" : `, or revert the commit ${commit} in Git`;
  return `warning: the manifests still say what revision ${revision.revision} made of them: the next apply brings it back.\n  See what to edit with --patch, have it edited with --patch --write${git}.`;
}
