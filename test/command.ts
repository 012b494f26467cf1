import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");

/** What a command left behind when it ended. */
export interface Ran {
  readonly exitCode: number | null;
  readonly out: string;
  readonly talk: string;
}

/** Runs the built command as a user would, from a directory of their own. */
export function tenantry(
  directory: string,
  args: readonly string[],
  environment: NodeJS.ProcessEnv = {},
): Ran {
  const { DATABASE_URL: _ours, ...inherited } = process.env;
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, "dist/cli.js"), ...args], {
    cwd: directory,
    env: { ...inherited, NO_COLOR: "1", ...environment },
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });
  return { exitCode: status, out: stdout, talk: stderr };
}

/** A directory of its own with a copy of the sample estate in it. */
export function sampleDirectory(): { readonly path: string; readonly remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), "tenantry-"));
  cpSync(join(root, "tenants"), join(path, "tenants"), { recursive: true });
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}
