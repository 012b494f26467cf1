import { type Command, InvalidArgumentError, Option } from "commander";

/** The options that several commands take; each call makes a new one, because a command owns its options. */
export const options = {
  dir: () =>
    new Option("-d, --dir <directory>", "where the manifests are").default("tenants").env("TENANTRY_DIR"),
  json: () => new Option("--json", "print data instead of text").default(false),
  database: () =>
    new Option(
      "--database <url or directory>",
      "a PostgreSQL server, or the directory of an embedded database (default: the estate's, DATABASE_URL, .tenantry)",
    ),
  estate: () => new Option("--estate <name>", "the estate of estate.yaml to work on").env("TENANTRY_ESTATE"),
  rolePrefix: () =>
    new Option(
      "--role-prefix <prefix>",
      "what the names of the database's roles begin with (default: the estate's, TENANTRY_ROLE_PREFIX, tenantry_)",
    ),
  schema: () =>
    new Option(
      "--schema <name>",
      "the database's schema that holds the estate (default: the estate's, TENANTRY_SCHEMA, tenantry)",
    ),
  lockTimeout: () =>
    new Option("--lock-timeout <seconds>", "how long to wait for another apply")
      .default(30)
      .argParser(seconds),
  commit: () =>
    new Option("--commit <commit>", "the commit that the manifests are from (found by the CI or Git)"),
  actor: () => new Option("--actor <name>", "who it is for, as history will say (found by the CI or Git)"),
  allow: () =>
    new Option(
      "--allow <code:subject>",
      "let this pass once, by the name that the plan says (may be repeated)",
    )
      .default([])
      .argParser(listed),
  prune: () =>
    new Option("--prune", "archive orgs that the manifests made and declare no more").default(false),
  forget: () =>
    new Option("--forget <org>", "let go of an org that is declared no more (may be repeated)")
      .default([])
      .argParser(listed),
  refresh: () => new Option("--refresh", "read everything, and take no short cut").default(false),
  exportDir: () =>
    new Option("--export-dir <directory>", "where orgs are exported to before they are purged").default(
      ".tenantry/exports",
    ),
  yes: () => new Option("-y, --yes", "do not ask").default(false),
} as const;

/** A command that works on one estate: where its manifests are, and where its database is. */
export function onEstate(command: Command): Command {
  return command
    .addOption(options.dir())
    .addOption(options.estate())
    .addOption(options.database())
    .addOption(options.rolePrefix())
    .addOption(options.schema());
}

function listed(text: string, before: readonly string[]): readonly string[] {
  return [...before, text];
}

/** Reads a duration as commands take it, in seconds. */
export function seconds(text: string): number {
  const number = Number(text);
  if (text.trim() === "" || !Number.isFinite(number) || number < 0) {
    throw new InvalidArgumentError(`"${text}" is not a number of seconds.`);
  }
  return number;
}
