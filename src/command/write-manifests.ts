import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { PatchedFile } from "../reconcile/patch-manifests.ts";
import type { Terminal } from "./terminal.ts";

/** Writes edited manifests to their places; a file of which nothing is left is deleted. */
export function writeManifests(directory: string, files: readonly PatchedFile[], terminal: Terminal): void {
  for (const { below, after } of files) {
    const place = join(directory, below);
    if (after === null) rmSync(place);
    else writeFileSync(place, after);
    terminal.talk(`${after === null ? "Deleted" : "Wrote"} ${place}\n`);
  }
}
