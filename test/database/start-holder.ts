import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

export interface Holder {
  readonly process: ChildProcess;
  /** What it said first: that it stopped where it should, or what went wrong. */
  readonly said: string;
  /** Ends it as a loss of memory would, and waits until it is gone. */
  kill(): Promise<void>;
}

const file = (name: string) => fileURLToPath(new URL(name, import.meta.url));

/** Where an apply stops, counting its statements from 0, and what it applies. */
export interface Stop {
  readonly stopAt: number;
  readonly estate: "whole" | "small";
}

/** Starts a process that has the database of a directory or URL open: at rest, or in the midst of an apply. */
export async function startHolder(place: string, rolePrefix: string, stop?: Stop): Promise<Holder> {
  const loader = file("../typescript-loader.mjs");
  const child = spawn(
    process.execPath,
    [
      "--import",
      loader,
      file("holding-process.ts"),
      place,
      rolePrefix,
      String(stop?.stopAt ?? ""),
      stop?.estate ?? "whole",
    ],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  const [said] = (await once(child.stdout, "data")) as [Buffer];
  return {
    process: child,
    said: said.toString().trim(),
    async kill() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, "exit");
      child.kill("SIGKILL");
      await ended;
    },
  };
}
