import { userInfo } from "node:os";
import { ciProvenance } from "./ci-provenance.ts";
import { commitTitle, gitProvenance } from "./git-provenance.ts";

/** Where manifests come from, and for whom they are planned or applied. A claim: nothing here is proven. */
export interface Provenance {
  /** The commit's full name, or what `--commit` said; null where nobody knows. */
  readonly commit: string | null;
  /** The first line of its message. */
  readonly title: string | null;
  /** Who it is for, as history and audit will say. */
  readonly actor: string;
  /** The manifests differ from the commit: it is not what they are. */
  readonly isDirty: boolean;
}

export interface ProvenanceOptions {
  readonly commit?: string | undefined;
  readonly actor?: string | undefined;
  /** The directory of the manifests. */
  readonly dir: string;
}

/**
 * Finds the commit that the manifests are from and who it is for: what the options say, else the CI's
 * environment, else Git. What nobody knows is null, and never a reason to fail.
 */
export async function findProvenance(
  { commit, actor, dir }: ProvenanceOptions,
  environment: NodeJS.ProcessEnv,
): Promise<Provenance> {
  const ci = ciProvenance(environment);
  const git = await gitProvenance(dir, environment);
  const who = actor || ci?.actor || git.user || userName();
  // What is named by hand is taken at its word.
  if (commit) {
    return { commit, title: await commitTitle(commit, dir, environment), actor: who, isDirty: false };
  }
  // A job may check out another commit, or another repository, than the one that it was started for.
  const isBuilt = git.head === null || git.head === ci?.checkedOut || git.head === ci?.commit;
  if (!ci?.commit || !isBuilt) {
    return { commit: git.head, title: git.title, actor: who, isDirty: git.isDirty };
  }
  const title = (await commitTitle(ci.commit, dir, environment)) ?? ci.title;
  return { commit: ci.commit, title, actor: who, isDirty: git.isDirty };
}

/** The commit as it is kept beside a revision: its full name, and whether the manifests differed from it. */
export function recordedCommit({ commit, isDirty }: Provenance): string | undefined {
  if (commit === null) return undefined;
  return isDirty ? `${commit} (edited)` : commit;
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // A container may run as a user that has no name.
    return `uid ${process.getuid?.() ?? "unknown"}`;
  }
}
