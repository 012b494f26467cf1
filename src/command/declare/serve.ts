import { InvalidArgumentError, Option } from "commander";
import type { CommandLine } from "../command-line.ts";
import { onEstate, seconds } from "../options.ts";
import type { ServeOptions } from "../serve.ts";
import { wholeNumber } from "../since.ts";

/** As the logger has them, which is loaded only when the server is. */
const levels = [
  "debug",
  "info",
  "warn",
  "error",
  "silent",
] as const satisfies readonly ServeOptions["logLevel"][];

export function serve({ program, terminal, run }: CommandLine): void {
  onEstate(program.command("serve"))
    .description("answer an app's questions over HTTP: permissions, flags and entitlements")
    .option(
      "--host <address>",
      "where to listen: an address of this machine, or 0.0.0.0 for all of them",
      "127.0.0.1",
    )
    .option("--no-auth", "let whoever asks do so without a key, on this machine alone")
    .option("--port <port>", "the port to listen on; 0 for any that is free", portNumber, 4600)
    .option("--origin <url>", "where clients reach it, if that is not where it listens", originUrl)
    .option("--max-stale <seconds>", "from which age on what is known counts as stale", staleness, 60)
    .option(
      "--max-orgs <count>",
      "how many orgs to hold in memory; the rest is read when asked for",
      wholeNumber,
    )
    .option("--workers <count>", "how many processes to serve with, on PostgreSQL", wholeNumber, 1)
    .option(
      "--drain <seconds>",
      "how long to go on answering after SIGTERM, until balancers notice",
      seconds,
      5,
    )
    .addOption(
      new Option(
        "--log-level <level>",
        "how much to log, as JSON on standard error; debug logs every request",
      )
        .choices(levels)
        .default("warn"),
    )
    .option("--watch", "apply the manifests as they are edited, and answer from them at once", false)
    .action(run(async (given: ServeOptions) => (await import("../serve.ts")).serve(given, terminal)));
}

/** What is known is looked at every second: a bound nearer than that would come and go. */
function staleness(text: string): number {
  const bound = seconds(text);
  if (bound < 3) throw new InvalidArgumentError("It has to be 3 seconds at least.");
  return bound;
}

function portNumber(text: string): number {
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535) {
    throw new InvalidArgumentError(`"${text}" is not a port, from 0 to 65535.`);
  }
  return Number(text);
}

function originUrl(text: string): string {
  const { protocol, origin, href } = URL.canParse(text) ? new URL(text) : ({} as Partial<URL>);
  if (!origin || !/^https?:$/.test(protocol ?? "") || href !== `${origin}/`) {
    throw new InvalidArgumentError(`"${text}" is not an origin, as https://flags.example.org.`);
  }
  return origin;
}
