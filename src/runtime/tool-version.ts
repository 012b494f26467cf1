import { readFileSync } from "node:fs";

/** The version of this Tenantry, as its package says it. */
export function toolVersion(): string {
  const text = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  return (JSON.parse(text) as { readonly version: string }).version;
}
