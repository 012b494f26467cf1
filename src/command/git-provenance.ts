import { execFile } from "node:child_process";

/** What Git says of a directory. */
export interface GitProvenance {
  /** The commit of the repository that holds it; null where there is none, or Git does not trust it. */
  readonly head: string | null;
  readonly title: string | null;
  /** Manifests below it differ from the commit, or are not in it. */
  readonly isDirty: boolean;
  /** The address, or else the name, that Git writes into commits made here. */
  readonly user: string | null;
}

/** Asks Git about the directory of the manifests. Without Git, or outside of a repository, everything is null. */
export async function gitProvenance(dir: string, environment: NodeJS.ProcessEnv): Promise<GitProvenance> {
  const git = (...args: readonly string[]) => askGit(args, dir, environment);
  const [commit, prefix, edited, address, name] = await Promise.all([
    git("log", "-1", "--no-show-signature", "--encoding=UTF-8", "--format=%H%n%s"),
    git("rev-parse", "--show-prefix"),
    git(...status, "--", ...manifests),
    git("config", "--get", "user.email"),
    git("config", "--get", "user.name"),
  ]);
  const [head, title] = commit?.split("\n") ?? [];
  return {
    head: head || null,
    title: title || null,
    isDirty: Boolean(head) && isEdited(edited, prefix?.trimEnd() ?? ""),
    user: address?.trim() || name?.trim() || null,
  };
}

/** The first line of a commit's message; null where the directory's repository does not have the commit. */
export async function commitTitle(
  commit: string,
  dir: string,
  environment: NodeJS.ProcessEnv,
): Promise<string | null> {
  const format = ["--no-show-signature", "--encoding=UTF-8", "--format=%s"];
  const title = await askGit(
    ["log", "-1", ...format, "--end-of-options", `${commit}^{commit}`, "--"],
    dir,
    environment,
  );
  return title?.trim() || null;
}

/** Each difference on its own, files that Git ignores included: they are read all the same. */
const status = [
  "status",
  "--porcelain",
  "--branch",
  "-z",
  "--no-renames",
  "--untracked-files=all",
  "--ignored",
];

/** What is read as a manifest, in any case; Git's own `:(icase)` overlooks directories that are all new. */
const manifests = ["*.[yY][aA][mM][lL]", "*.[yY][mM][lL]"];

/** Whether the status tells of a file that is read; hidden ones are not. */
function isEdited(text: string | null, prefix: string): boolean {
  // What could not be compared is not vouched for; an answer always begins with the branch.
  if (!text?.startsWith("## ")) return true;
  const paths = text.split("\0").slice(1, -1);
  return paths.some((line) => !/(?:^|\/)(?:\.|node_modules\/)/.test(line.slice(3 + prefix.length)));
}

/** Long, because the timer runs on while manifests are read and nobody can listen to Git. */
const timeout = 60_000;

/**
 * Runs Git with arguments, never through a shell. It takes no lock, asks nobody, and starts no program that
 * the repository's own configuration names. Null where it fails, whatever the reason.
 */
function askGit(
  args: readonly string[],
  dir: string,
  environment: NodeJS.ProcessEnv,
): Promise<string | null> {
  // A Git hook sets these for its own repository, which need not be the one that holds the manifests.
  const { GIT_DIR, GIT_WORK_TREE, GIT_INDEX_FILE, GIT_PREFIX, GIT_COMMON_DIR, ...inherited } = environment;
  const env = { ...inherited, GIT_OPTIONAL_LOCKS: "0", GIT_NO_LAZY_FETCH: "1", GIT_TERMINAL_PROMPT: "0" };
  const options = { env, timeout, maxBuffer: 64 * 1024 * 1024, windowsHide: true };
  return new Promise((resolve) => {
    execFile("git", ["-C", dir, "-c", "core.fsmonitor=false", ...args], options, (error, out) =>
      resolve(error ? null : out),
    );
  });
}
