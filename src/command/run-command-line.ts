import { readFileSync } from "node:fs";
import { Command, CommanderError } from "commander";
import type { CommandLine } from "./command-line.ts";
import { apply } from "./declare/apply.ts";
import { audit } from "./declare/audit.ts";
import { check } from "./declare/check.ts";
import { doctor } from "./declare/doctor.ts";
import { explain } from "./declare/explain.ts";
import { exportOrg } from "./declare/export.ts";
import { history } from "./declare/history.ts";
import { init } from "./declare/init.ts";
import { isolate } from "./declare/isolate.ts";
import { keys } from "./declare/keys.ts";
import { migrate } from "./declare/migrate.ts";
import { plan } from "./declare/plan.ts";
import { revert } from "./declare/revert.ts";
import { schema } from "./declare/schema.ts";
import { serve } from "./declare/serve.ts";
import { show } from "./declare/show.ts";
import { validate } from "./declare/validate.ts";
import { watch } from "./declare/watch.ts";
import { type ExitCode, exitCode } from "./exit-code.ts";
import { failureOf } from "./failure.ts";
import type { Terminal } from "./terminal.ts";
import { UsageError } from "./usage-error.ts";

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

const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
  version: string;
};

/**
 * Runs the command that the arguments name, in the directory and environment of this process, and returns
 * what the process is to end with. Never throws: what went wrong is told on the terminal.
 */
export async function runCommandLine(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  let ended: ExitCode = exitCode.done;
  const run: CommandLine["run"] =
    (command) =>
    async (...given) => {
      ended = await command(...given);
    };
  try {
    await programOn(terminal, run).parseAsync(args, { from: "user" });
    return ended;
  } catch (error) {
    return tell(error, args.includes("--json"), terminal);
  }
}

function programOn(terminal: Terminal, run: CommandLine["run"]): Command {
  const program = new Command("tenantry")
    .description(
      "Tenants as code: declare organisations in Git, see what would change, apply it in one transaction.",
    )
    .version(version)
    .showSuggestionAfterError()
    .showHelpAfterError("Run it with --help for what it takes.")
    .configureOutput({ writeOut: (text) => terminal.out(text), writeErr: (text) => terminal.talk(text) })
    .exitOverride();
  for (const declare of commands) declare({ program, terminal, run });
  return program;
}

/** Says what a command was thrown out of for; help that was asked for is thrown, too. */
function tell(error: unknown, wantsData: boolean, terminal: Terminal): ExitCode {
  const json = (data: object) => terminal.out(`${JSON.stringify(data, null, 2)}\n`);
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return exitCode.done;
    if (wantsData) json(failureOf(new UsageError(error.message), process.env).data);
    return exitCode.error;
  }
  const failure = failureOf(error, process.env);
  if (wantsData) json(failure.data);
  else terminal.talk(failure.text);
  return failure.exitCode;
}
