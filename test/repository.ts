import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** A Git repository in a directory of its own, which knows nothing of this machine's settings. */
export interface Repository {
  readonly path: string;
  /** The environment in which Git sees the repository's settings only. */
  readonly environment: NodeJS.ProcessEnv;
  /** Runs Git there, and returns what it printed. */
  readonly git: (...args: readonly string[]) => string;
  readonly write: (file: string, text: string) => void;
  /** Commits everything, and returns the commit's name. */
  readonly commit: (message: string) => string;
  readonly remove: () => void;
}

export function makeRepository(): Repository {
  const path = realpathSync(mkdtempSync(join(tmpdir(), "tenantry-git-")));
  const environment = {
    PATH: process.env.PATH,
    HOME: path,
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_CONFIG_GLOBAL: "/dev/null",
  };
  const git = (...args: readonly string[]) =>
    execFileSync("git", args, { cwd: path, env: environment, encoding: "utf8", stdio: "pipe" }).trim();
  git("init", "--quiet", "--initial-branch=main");
  git("config", "user.name", "Ana");
  git("config", "user.email", "ana@acme.example");
  return {
    path,
    environment,
    git,
    write(file, text) {
      mkdirSync(dirname(join(path, file)), { recursive: true });
      writeFileSync(join(path, file), text);
    },
    commit(message) {
      git("add", "--all");
      git("commit", "--quiet", "--message", message);
      return git("rev-parse", "HEAD");
    },
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
}
