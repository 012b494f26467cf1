import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { GitHubOrganization } from "./github-organization.ts";
import { orgManifest } from "./org-manifest.ts";

/** Writes the manifest of every organisation in `source` into `target`. */
export function convert(source: string, target: string): void {
  mkdirSync(target, { recursive: true });
  for (const file of readdirSync(source).sort()) {
    const organization = JSON.parse(readFileSync(join(source, file), "utf8")) as GitHubOrganization;
    writeFileSync(join(target, `${organization.org}.yaml`), orgManifest(organization));
  }
}

if (process.argv[1] === import.meta.filename) {
  convert(join(import.meta.dirname, "source"), join(import.meta.dirname, "tenants/orgs"));
}
