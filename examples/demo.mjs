// Runs the first five commands of the README on tenants/ and an embedded database of its own, made afresh.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const database = mkdtempSync(join(tmpdir(), "tenantry-demo-"));
const environment = { ...process.env, FORCE_COLOR: process.stdout.isTTY ? "1" : "0" };
delete environment.DATABASE_URL;

const commands = [
  ["validate"],
  ["plan", "--database", database],
  ["apply", "--yes", "--database", database],
  ["plan", "--database", database],
  ["show", "acme", "--database", database],
];

try {
  for (const command of commands) {
    const shown = command.filter((word) => word !== "--database" && word !== database).join(" ");
    process.stdout.write(`\n$ tenantry ${shown}\n`);
    const { status } = spawnSync(process.execPath, [join(root, "dist/cli.js"), ...command], {
      cwd: root,
      env: environment,
      stdio: ["ignore", "inherit", "inherit"],
    });
    if (status !== 0) {
      process.exitCode = status ?? 1;
      break;
    }
  }
} finally {
  rmSync(database, { recursive: true, force: true });
}
