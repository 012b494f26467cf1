import type { databaseTasks } from "./database-tasks.ts";
import type { manifestTasks } from "./manifest-tasks.ts";

/**
 * What can be measured, each time in a process of its own: cold, as a command is. `milliseconds` is the time of
 * the work alone, without the start of the process.
 */
export type Task = keyof typeof manifestTasks | keyof typeof databaseTasks;

export interface TaskInput {
  readonly folder: string;
  /** Where the database is, for the tasks that want one. */
  readonly url?: string;
}

/** Times in milliseconds, and counts, by name. */
export interface Figures {
  readonly milliseconds: number;
  readonly [name: string]: number;
}
