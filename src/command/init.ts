import { cpSync, existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type ExitCode, exitCode } from "./exit-code.ts";
import type { Terminal } from "./terminal.ts";

/** Where the package keeps the manifests that a new estate begins with. */
const starter = fileURLToPath(new URL("../../examples/starter/tenants", import.meta.url));

/** Writes a first catalog and a first org. Never overwrites anything. */
export async function init(options: { readonly dir: string }, terminal: Terminal): Promise<ExitCode> {
  const { dir } = options;
  if (existsSync(dir) && readdirSync(dir).length > 0) {
    terminal.talk(
      `error: ${dir} is not empty. Choose another directory with --dir, or begin from what is there.\n`,
    );
    return exitCode.error;
  }
  cpSync(starter, dir, { recursive: true });
  terminal.out(
    [
      `Wrote ${join(dir, "catalog.yaml")}   what you offer: permissions, roles, plans, flags`,
      `      ${join(dir, "orgs", "example.yaml")}   a first org; the file is named after its slug`,
      "",
      "Next: tenantry plan     shows what would change",
      "      tenantry apply    makes it so, in one transaction",
      "",
    ].join("\n"),
  );
  return exitCode.done;
}
