import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseDocument } from "yaml";
import { discover } from "../../src/manifest/discover.ts";
import { readManifests } from "../../src/manifest/read-manifests.ts";
import type { Figures, TaskInput } from "./task.ts";

/** What is measured of manifests alone. */
export const manifestTasks = {
  /** Nothing: what a process with everything imported takes. */
  async idle() {
    return { milliseconds: 0 };
  },

  async parse({ folder }) {
    const texts = manifestsIn(folder).map((path) => readFileSync(path, "utf8"));
    return timed(() => {
      for (const text of texts) parseDocument(text, { uniqueKeys: false });
    });
  },

  async validate({ folder }) {
    let resources = 0;
    const figures = timed(() => {
      const { files, diagnostics } = discover(folder);
      const read = readManifests(files);
      if (diagnostics.length + read.diagnostics.length > 0) throw new Error("The manifests have problems.");
      for (const org of read.desired?.orgs ?? []) resources += org.resources.length;
    });
    return { ...figures, resources };
  },

  async hash({ folder }) {
    return timed(() => {
      for (const path of manifestsIn(folder)) createHash("sha256").update(readFileSync(path)).digest();
    });
  },
} as const satisfies Record<string, (input: TaskInput) => Promise<Figures>>;

function timed(work: () => void): { readonly milliseconds: number } {
  const begun = performance.now();
  work();
  return { milliseconds: performance.now() - begun };
}

function manifestsIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".yaml"))
    .map((path) => join(folder, path));
}
