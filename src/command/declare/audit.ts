import type { AuditOptions } from "../audit.ts";
import type { CommandLine } from "../command-line.ts";
import { onEstate, options } from "../options.ts";
import { sinceTime, wholeNumber } from "../since.ts";

export function audit({ program, terminal, run }: CommandLine): void {
  onEstate(program.command("audit"))
    .description("show every change of an org, whoever made it")
    .argument("<org>", "the org's slug, one that it had before, or its id; catalog for the catalog")
    .addOption(options.json())
    .option("--since <time>", "from when on: 30d, 12h, 2026-11-01", sinceTime)
    .option("--kind <kind>", "only changes of this kind: member, role, flag")
    .option("--limit <count>", "how many changes of rows to show", wholeNumber, 200)
    .action(
      run(async (org: string, given: AuditOptions) =>
        (await import("../audit.ts")).audit(org, given, terminal),
      ),
    );
}
