#!/usr/bin/env node
import { exitCode } from "./command/exit-code.ts";
import { failureOf } from "./command/failure.ts";
import { runCommandLine } from "./command/run-command-line.ts";
import { processTerminal } from "./command/terminal.ts";

const terminal = processTerminal(process.env);

// Who reads only the head of the output closes the pipe: that is no fault. A full disk is one.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") return;
  terminal.talk(failureOf(error, process.env).text);
  process.exitCode = exitCode.error;
});

process.exitCode = await runCommandLine(process.argv.slice(2), terminal);
