#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import type { ApplyOptions } from "./command/apply.ts";
import { type ExitCode, exitCode } from "./command/exit-code.ts";
import { failureText } from "./command/failure.ts";
import type { LoadOptions } from "./command/load.ts";
import type { MigrateOptions } from "./command/migrate.ts";
import type { PlanOptions } from "./command/plan.ts";
import type { SchemaOptions } from "./command/schema.ts";
import type { ShowOptions } from "./command/show.ts";
import { processTerminal } from "./command/terminal.ts";

// Each command's module is loaded only when it runs: validate must not wait for a database to load.

const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as {
  version: string;
};
const terminal = processTerminal(process.env);

// Who reads only the head of the output closes the pipe: that is no fault. A full disk is one.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") return;
  terminal.talk(failureText(error, process.env).text);
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

const dir = () =>
  new Option("-d, --dir <directory>", "where the manifests are").default("tenants").env("TENANTRY_DIR");
const json = () => new Option("--json", "print data instead of text").default(false);
const database = () =>
  new Option(
    "--database <url or directory>",
    "a PostgreSQL server, or the directory of an embedded database (.tenantry)",
  ).env("DATABASE_URL");
const rolePrefix = () =>
  new Option("--role-prefix <prefix>", "what the names of the database's roles begin with")
    .default("tenantry_")
    .env("TENANTRY_ROLE_PREFIX");
const lockTimeout = () =>
  new Option("--lock-timeout <seconds>", "how long to wait for another apply").default(30).argParser(seconds);

program
  .command("init")
  .description("write a first catalog and a first org")
  .addOption(dir())
  .action(
    run(async (options: { readonly dir: string }) =>
      (await import("./command/init.ts")).init(options, terminal),
    ),
  );

program
  .command("validate")
  .description("check all manifests and run the catalog's tests, without a database")
  .addOption(dir())
  .addOption(json())
  .action(
    run(async (options: LoadOptions) => (await import("./command/validate.ts")).validate(options, terminal)),
  );

program
  .command("plan")
  .description("show what would change in the database")
  .addOption(dir())
  .addOption(database())
  .addOption(rolePrefix())
  .addOption(json())
  .option("--detailed-exitcode", "exit with 2 where there are changes", false)
  .action(run(async (options: PlanOptions) => (await import("./command/plan.ts")).plan(options, terminal)));

program
  .command("apply")
  .description("show the plan, ask, and make it so in one transaction")
  .addOption(dir())
  .addOption(database())
  .addOption(rolePrefix())
  .addOption(json())
  .addOption(lockTimeout())
  .option("-y, --yes", "do not ask", false)
  .action(
    run(async (options: ApplyOptions) => (await import("./command/apply.ts")).apply(options, terminal)),
  );

program
  .command("show")
  .description("show what the database holds of an org")
  .argument("<org>", "the org's slug")
  .addOption(database())
  .addOption(rolePrefix())
  .addOption(json())
  .action(
    runFor(async (org, options: ShowOptions) =>
      (await import("./command/show.ts")).show(org, options, terminal),
    ),
  );

program
  .command("explain")
  .description("show every value that is in effect for an org, and where it comes from")
  .argument("<org>", "the org's slug")
  .addOption(dir())
  .addOption(json())
  .action(
    runFor(async (org, options: LoadOptions) =>
      (await import("./command/explain.ts")).explain(org, options, terminal),
    ),
  );

program
  .command("migrate")
  .description("create or update the database's schema")
  .addOption(database())
  .addOption(rolePrefix())
  .addOption(json())
  .action(
    run(async (options: MigrateOptions) => (await import("./command/migrate.ts")).migrate(options, terminal)),
  );

program
  .command("schema")
  .description("print the JSON Schema of a kind of manifest, for editors")
  .addArgument(program.createArgument("[kind]", "which kind").choices(["catalog", "org"]).default("org"))
  .option("--write <directory>", "write both into a directory instead")
  .action(
    runFor(async (kind, options: SchemaOptions) =>
      (await import("./command/schema.ts")).schema(kind as "catalog" | "org", options, terminal),
    ),
  );

function run<O>(command: (options: O) => Promise<ExitCode>) {
  return async (options: O) => {
    process.exitCode = await command(options);
  };
}

function runFor<O>(command: (subject: string, options: O) => Promise<ExitCode>) {
  return async (subject: string, options: O) => {
    process.exitCode = await command(subject, options);
  };
}

function seconds(text: string): number {
  const number = Number(text);
  if (text.trim() === "" || !Number.isFinite(number) || number < 0) {
    throw new InvalidArgumentError(`"${text}" is not a number of seconds.`);
  }
  return number;
}

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError)
    process.exitCode = error.exitCode === 0 ? exitCode.done : exitCode.error;
  else {
    const failure = failureText(error, process.env);
    terminal.talk(failure.text);
    process.exitCode = failure.exitCode;
  }
}
