import { median } from "./compare.ts";
import { takeSample } from "./take-sample.ts";
import type { Task, TaskInput } from "./task.ts";

/** The most memory that a process of each task had at once (its resident set), the middle of three. */
export function peakMemory(runs: readonly (readonly [Task, TaskInput])[]): string {
  return runs
    .map(([task, input]) => {
      const peaks = [1, 2, 3].map(() => takeSample(task, input).peakMegabytes);
      return `${task.padEnd(9)} ${median(peaks).toFixed(0).padStart(6)} MiB`;
    })
    .join("\n");
}
