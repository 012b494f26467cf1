import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { cpus, totalmem } from "node:os";
import { dirname, join } from "node:path";

/** On what the figures were measured. */
export function conditions(): string {
  const [cpu] = cpus();
  return [
    `node ${process.versions.node}, yaml ${versionOf("yaml")}, zod ${versionOf("zod")}, pg ${versionOf("pg")}`,
    `${cpus().length} × ${cpu?.model.trim() ?? "unknown"}, ${(totalmem() / 2 ** 30).toFixed(0)} GiB, ${process.platform} ${process.arch}`,
  ].join("\n");
}

/** Not every package lets its package.json be imported. */
function versionOf(name: string): string {
  let folder = dirname(createRequire(import.meta.url).resolve(name));
  for (;;) {
    try {
      const found = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Record<string, string>;
      if (found.name === name && found.version) return found.version;
    } catch {
      // further up, then
    }
    if (folder === dirname(folder)) return "unknown";
    folder = dirname(folder);
  }
}
