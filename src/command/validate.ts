import pc from "picocolors";
import { diagnosticsJson } from "../view/diagnostics-json.ts";
import { type ExitCode, exitCode } from "./exit-code.ts";
import { type LoadOptions, load } from "./load.ts";
import type { Terminal } from "./terminal.ts";

/** Checks the manifests, tests included, without a database. */
export async function validate(options: LoadOptions, terminal: Terminal): Promise<ExitCode> {
  const loaded = load(options, terminal);
  if (typeof loaded === "number") return loaded;
  if (options.json) {
    terminal.out(`${JSON.stringify(diagnosticsJson([]), null, 2)}\n`);
    return exitCode.done;
  }
  const { desired, tests, files } = loaded;
  const resources = [desired.catalog, ...desired.orgs].reduce(
    (sum, scope) => sum + scope.resources.length,
    0,
  );
  const counted = (count: number, noun: string) => `${count} ${noun}${count === 1 ? "" : "s"}`;
  const found = [
    counted(files, "file"),
    counted(desired.orgs.length, "org"),
    counted(resources, "resource"),
  ].join(", ");
  const green = pc.createColors(terminal.colour).green;
  terminal.out(`${green("Valid.")} ${found}; ${counted(tests, "test")} passed.\n`);
  return exitCode.done;
}
