import type { Figures, Task, TaskInput } from "./task.ts";

// One task, once; see `takeSample`. A process loads only what its task needs, which its memory shows.
const [name, input] = process.argv.slice(2) as [Task, string];
const figures = await (await taskCalled(name))(JSON.parse(input) as TaskInput);
const peakMegabytes = process.resourceUsage().maxRSS / 1024;
process.stdout.write(`${JSON.stringify({ ...figures, peakMegabytes })}\n`);

async function taskCalled(task: Task): Promise<(input: TaskInput) => Promise<Figures>> {
  if (task === "idle" || task === "parse" || task === "validate" || task === "hash")
    return (await import("./manifest-tasks.ts")).manifestTasks[task];
  return (await import("./database-tasks.ts")).databaseTasks[task];
}
