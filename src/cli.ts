#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { Command, CommanderError } from "commander";
import type { CommandLine } from "./command/command-line.ts";
import { apply } from "./command/declare/apply.ts";
import { audit } from "./command/declare/audit.ts";
import { check } from "./command/declare/check.ts";
import { doctor } from "./command/declare/doctor.ts";
import { explain } from "./command/declare/explain.ts";
import { exportOrg } from "./command/declare/export.ts";
import { history } from "./command/declare/history.ts";
import { init } from "./command/declare/init.ts";
import { isolate } from "./command/declare/isolate.ts";
import { keys } from "./command/declare/keys.ts";
import { migrate } from "./command/declare/migrate.ts";
import { plan } from "./command/declare/plan.ts";
import { revert } from "./command/declare/revert.ts";
import { schema } from "./command/declare/schema.ts";
import { serve } from "./command/declare/serve.ts";
import { show } from "./command/declare/show.ts";
import { validate } from "./command/declare/validate.ts";
import { watch } from "./command/declare/watch.ts";
import { exitCode } from "./command/exit-code.ts";
import { failureOf } from "./command/failure.ts";
import { processTerminal } from "./command/terminal.ts";
import { UsageError } from "./command/usage-error.ts";

/** In the order of the help. */
const commands = [
  init,
  validate,
  plan,
  apply,
  show,
  history,
  audit,
  revert,
  exportOrg,
  explain,
  check,
  keys,
  isolate,
  doctor,
  migrate,
  schema,
  watch,
  serve,
];

const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as {
  version: string;
};
const terminal = processTerminal(process.env);

// Who reads only the head of the output closes the pipe: that is no fault. A full disk is one.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") return;
  terminal.talk(failureOf(error, process.env).text);
  process.exitCode = exitCode.error;
});

const program = new Command("tenantry")
  .description(
    "Tenants as code: declare organisations in Git, see what would change, apply it in one transaction.",
  )
  .version(version)
  .showSuggestionAfterError()
  .showHelpAfterError("Run it with --help for what it takes.")
  .configureOutput({ writeErr: (text) => terminal.talk(text) })
  .exitOverride();

const run: CommandLine["run"] =
  (command) =>
  async (...given) => {
    process.exitCode = await command(...given);
  };

for (const declare of commands) declare({ program, terminal, run });

try {
  await program.parseAsync();
} catch (error) {
  const wantsData = process.argv.includes("--json");
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? exitCode.done : exitCode.error;
    const data = failureOf(new UsageError(error.message), process.env).data;
    if (wantsData && error.exitCode !== 0) terminal.out(`${JSON.stringify(data, null, 2)}\n`);
  } else {
    const failure = failureOf(error, process.env);
    if (wantsData) terminal.out(`${JSON.stringify(failure.data, null, 2)}\n`);
    else terminal.talk(failure.text);
    process.exitCode = failure.exitCode;
  }
}
