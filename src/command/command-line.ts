import type { Command } from "commander";
import type { ExitCode } from "./exit-code.ts";
import type { Terminal } from "./terminal.ts";

/** What a command is declared on. Its module is loaded only when it runs: `validate` must not wait for a database to load. */
export interface CommandLine {
  readonly program: Command;
  readonly terminal: Terminal;
  /** Makes a command of a function: what it returns is what the process ends with. */
  readonly run: <Given extends readonly unknown[]>(
    command: (...given: Given) => Promise<ExitCode>,
  ) => (...given: Given) => Promise<void>;
}
