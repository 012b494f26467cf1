import { type Command, InvalidArgumentError } from "commander";
import type { KeyHolder } from "../../identity/key-holder.ts";
import { parseTime } from "../../model/time.ts";
import type { CommandLine } from "../command-line.ts";
import { durationOf } from "../duration.ts";
import type { KeyOptions } from "../keys.ts";
import { onEstate, options } from "../options.ts";
import { UsageError } from "../usage-error.ts";

interface Given extends KeyOptions {
  readonly service?: string;
}

export function keys({ program, terminal, run }: CommandLine): void {
  const command = program.command("keys").description("mint, list, rotate and revoke API keys");

  ofName(command.command("create"))
    .description("mint a key, and print it this once: one that the org's manifest declares, or a service's")
    .option("--expires <time>", "when a service's key ends: 2027-01-01, 2027-01-01T09:00Z", futureTime)
    .action(
      run(async (org: string | undefined, name: string | undefined, given: Given) =>
        (await import("../keys.ts")).createKey(holderOf(org, name, given), given, terminal),
      ),
    );

  onEstate(command.command("list"))
    .description("list the keys that there are, and those that are declared and not minted")
    .argument("[org]", "one org's alone, by its slug")
    .addOption(options.json())
    .action(
      run(async (org: string | undefined, given: Given) =>
        (await import("../keys.ts")).list(org, given, terminal),
      ),
    );

  ofName(command.command("rotate"))
    .description("mint another key of a name, and have the one of before end after a while")
    .option(
      "--grace <duration>",
      "how long the one of before works on: 24h, 30m, 7d; 0 for no more",
      grace,
      day,
    )
    .option("--expires <time>", "when a service's new key ends (default: as the one of before)", futureTime)
    .action(
      run(
        async (
          org: string | undefined,
          name: string | undefined,
          given: Given & { readonly grace: number },
        ) => (await import("../keys.ts")).rotateKeys(holderOf(org, name, given), given, terminal),
      ),
    );

  ofName(command.command("revoke"))
    .description("end every key of a name, at once")
    .option("--id <id>", "only the key of this id, as list says it", uuid)
    .action(
      run(async (org: string | undefined, name: string | undefined, given: Given & { id?: string }) => {
        const { id } = given;
        if (id !== undefined && (org ?? name ?? given.service) !== undefined) {
          throw new UsageError("A key's id is enough: leave out whose it is.");
        }
        const which = id === undefined ? holderOf(org, name, given) : ({ kind: "id", id } as const);
        return (await import("../keys.ts")).revoke(which, given, terminal);
      }),
    );
}

const day = 86_400_000;

function ofName(command: Command): Command {
  return onEstate(command)
    .argument("[org]", "the org's slug")
    .argument("[name]", "the key's name, as the org's api_keys declare it")
    .option("--service <name>", "a key of the whole estate instead, for a service", serviceName)
    .addOption(options.json())
    .addOption(options.actor());
}

function holderOf(org: string | undefined, name: string | undefined, { service, expires }: Given): KeyHolder {
  if (service !== undefined) {
    if (org !== undefined) throw new UsageError("A key is an org's or a service's: say one of them.");
    return { kind: "service", name: service };
  }
  if (org === undefined || name === undefined) {
    throw new UsageError("Say whose key: an org and the key's name, or --service and a name.");
  }
  if (expires !== undefined) {
    throw new UsageError(`When a key of an org ends is its manifest's to say: api_keys.${name}.expires`);
  }
  return { kind: "org", org, name };
}

/** As names are in manifests. */
function serviceName(text: string): string {
  if (/^[A-Za-z0-9._][A-Za-z0-9._-]{0,99}$/.test(text)) return text;
  throw new InvalidArgumentError("A name has letters, digits, dots, underscores and dashes.");
}

function futureTime(text: string): string {
  const time = parseTime(text);
  if (time === null) {
    throw new InvalidArgumentError(`"${text}" is not a time, as 2027-01-01 or 2027-01-01T09:00Z.`);
  }
  if (Date.parse(time) <= Date.now()) throw new InvalidArgumentError(`${text} is past.`);
  return time;
}

function grace(text: string): number {
  const time = text === "0" ? 0 : durationOf(text);
  if (time !== null) return time;
  throw new InvalidArgumentError(`"${text}" is not a duration, as 24h, 30m or 7d, and not 0.`);
}

function uuid(text: string): string {
  if (/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text)) return text;
  throw new InvalidArgumentError("A key's id is a UUID, as `keys list` says it.");
}
