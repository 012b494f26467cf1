import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import { peerPath } from "./repository.ts";

/**
 * Installs what is measured beside this product, by the lock file of its folder, if that was not done yet. Null, or
 * why it cannot be had.
 */
export function installPeers(...folder: readonly string[]): string | null {
  const at = peerPath(...folder);
  if (isInstalled(at)) return null;
  process.stdout.write(`Installing what is measured beside Tenantry: npm ci in ${at}\n`);
  try {
    execFileSync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], {
      cwd: at,
      stdio: ["ignore", "ignore", "pipe"],
      timeout: 300_000,
    });
    return null;
  } catch (error) {
    const said = String((error as { readonly stderr?: Buffer }).stderr ?? (error as Error).message);
    const fault = said.split("\n").find((line) => line.startsWith("npm error")) ?? said.split("\n")[0];
    return `npm ci in ${at} failed: ${fault}`;
  }
}

/** npm writes down what it installed, after the lock file that it installed it by. */
function isInstalled(at: string): boolean {
  const installed = `${at}/node_modules/.package-lock.json`;
  const lock = `${at}/package-lock.json`;
  return (
    existsSync(installed) &&
    (statSync(installed).mtimeMs >= statSync(lock).mtimeMs || namesEqual(installed, lock))
  );
}

/** A checkout gives the lock file a new time; what counts is what is in it. */
function namesEqual(installed: string, lock: string): boolean {
  const versions = (file: string) => {
    const { packages } = JSON.parse(readFileSync(file, "utf8")) as {
      readonly packages: Readonly<Record<string, { readonly version?: string }>>;
    };
    return JSON.stringify(
      Object.entries(packages).flatMap(([name, { version }]) => (name ? [[name, version]] : [])),
    );
  };
  return versions(installed) === versions(lock);
}
