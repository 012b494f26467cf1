import { execFileSync } from "node:child_process";
import { join } from "node:path";
import type { Figures, Task, TaskInput } from "./task.ts";

export interface Sample extends Figures {
  readonly peakMegabytes: number;
}

/** Runs a task in a fresh process, which says by itself what went wrong. */
export function takeSample(task: Task, input: TaskInput): Sample {
  const program = join(import.meta.dirname, "sample.js");
  const output = execFileSync(process.execPath, [program, task, JSON.stringify(input)], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
  return JSON.parse(output) as Sample;
}
