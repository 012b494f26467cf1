import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inject } from "vitest";
import { runCommandLine } from "../src/command/run-command-line.ts";
import type { Terminal } from "../src/command/terminal.ts";
import { inheritedEnvironment } from "./inherited-environment.ts";

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
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, "dist/cli.js"), ...args], {
    cwd: directory,
    env: environmentOf(environment),
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });
  return { exitCode: status, out: stdout, talk: stderr };
}

let isRunning = false;

/**
 * Runs a command line within this process, from a directory of its own: what it says and does is the same,
 * and nothing has to be loaded again. Where the process is the point, `tenantry` starts one.
 */
export async function tenantryInProcess(
  directory: string,
  args: readonly string[],
  environment: NodeJS.ProcessEnv = {},
): Promise<Ran> {
  // They would see each other's directory and environment.
  if (isRunning) throw new Error("One command at a time.");
  isRunning = true;
  const ours = { directory: process.cwd(), environment: process.env };
  const said = { out: "", talk: "" };
  try {
    process.chdir(directory);
    process.env = environmentOf(environment);
    const exitCode = await runCommandLine(args, terminalInto(said));
    return { exitCode, ...said };
  } finally {
    process.env = ours.environment;
    process.chdir(ours.directory);
    isRunning = false;
  }
}

function environmentOf(added: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return { ...inheritedEnvironment(), NO_COLOR: "1", ...added };
}

/** As it is where both streams are pipes. */
function terminalInto(said: { out: string; talk: string }): Terminal {
  return {
    out: (text) => {
      said.out += text;
    },
    talk: (text) => {
      said.talk += text;
    },
    colour: false,
    talkColour: false,
    width: 100,
    confirm: null,
    progress: () => ({ update: () => {}, stop: () => {} }),
  };
}

/** A directory of its own, and what removes it. */
export interface Sample {
  readonly path: string;
  readonly remove: () => void;
}

/** A directory of its own with a copy of the sample estate in it. */
export function sampleDirectory(): Sample {
  const path = mkdtempSync(join(tmpdir(), "tenantry-"));
  cpSync(join(root, "tenants"), join(path, "tenants"), { recursive: true });
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/**
 * The same with an embedded database that is made and migrated, and empty: making one takes seconds.
 * All are copies of one: a plan that was saved on one of them is not told apart on another.
 */
export function sampleWithDatabase(): Sample {
  const sample = sampleDirectory();
  cpSync(inject("engines").embedded, join(sample.path, ".tenantry"), { recursive: true });
  return sample;
}
