import { type Command, InvalidArgumentError } from "commander";
import { parseTime } from "../../model/time.ts";
import type { CheckOptions } from "../check.ts";
import type { CommandLine } from "../command-line.ts";
import { onEstate, options } from "../options.ts";
import { UsageError } from "../usage-error.ts";

type Given = Omit<CheckOptions, "permission" | "fromManifests">;

export function check({ program, terminal, run }: CommandLine): void {
  onEstate(program.command("check"))
    .description("answer one question as the runtime does, and say why")
    .argument("<org>", "the org's slug")
    .argument("[member]", "who asks: an email address or the app's id of the user")
    .argument("[permission]", "what for: members:invite")
    .option("--member <member>", "who asks, for a flag")
    .option("--flag <name>", "ask for a flag's value")
    .option("--entitlement <feature>", "ask what the org has of a feature")
    .option("--workspace <workspace>", "where: in this workspace")
    .option("--environment <environment>", "where: in this environment, web/live")
    .option("--resource <resource>", "about what: document/spec, or document alone")
    .option("--attribute <name=value>", "what the resource is like (may be repeated)", listed, [])
    .option("--context <name=value>", "what the request is like, as mfa=true (may be repeated)", listed, [])
    .option("--at <time>", "as if it were then: 2026-11-01, 2026-11-01T09:00Z", time)
    .option("--explain", "say all that was looked at", false)
    .option("--detailed-exitcode", "exit with 2 where the answer is no, or a flag's value is false", false)
    .addOption(options.json())
    .addHelpText("after", notes)
    .action(
      run(
        async (
          org: string,
          member: string | undefined,
          permission: string | undefined,
          given: Given,
          command: Command,
        ) => {
          const fromManifests = command.getOptionValueSource("dir") === "cli";
          if (fromManifests && given.database !== undefined) {
            throw new UsageError(
              "--dir asks the manifests alone, and --database a database: say one of them. Where manifests with an estate.yaml are, TENANTRY_DIR says, too.",
            );
          }
          if (member !== undefined && given.member !== undefined) {
            throw new UsageError("Who asks is said twice: leave --member out.");
          }
          const asked = { ...given, member: member ?? given.member, permission, fromManifests };
          return (await import("../check.ts")).check(org, asked, terminal);
        },
      ),
    );
}

const notes = `
The answer is from the database, as serve gives it. With --dir on the command line it is from the manifests
in that directory alone, with their lines, and no database is opened; a rollout is undetermined then, because
ids are made when manifests are applied. An answer of no is an answer: the exit code is 0, or 2 with
--detailed-exitcode, and 1 only where nothing could be answered.`;

function listed(text: string, before: readonly string[]): readonly string[] {
  return [...before, text];
}

function time(text: string): string {
  const found = parseTime(text);
  if (found === null) {
    throw new InvalidArgumentError(`"${text}" is not a time, as 2026-11-01 or 2026-11-01T09:00Z.`);
  }
  return found;
}
