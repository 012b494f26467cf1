import { lstatSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";

/** How long the manifests must have stayed as they are, in milliseconds: half a file is often a valid one. */
const settling = 300;

/** Reads the manifests of a directory once nobody writes any; null where the signal was aborted first. */
export async function readSettled<T>(
  directory: string,
  read: () => T,
  signal: AbortSignal,
): Promise<T | null> {
  while (!signal.aborted) {
    const before = stateOf(directory);
    await setTimeout(settling, undefined, { signal }).catch(() => {});
    if (signal.aborted || stateOf(directory) !== before) continue;
    const result = read();
    // What was read in between may be neither what stood there before nor what stands there now.
    if (stateOf(directory) === before) return result;
  }
  return null;
}

/** Differs once any file that may be read was written, replaced, made or removed. Links lead to files that are listed, too. */
function stateOf(directory: string): string {
  try {
    return readdirSync(directory, { recursive: true, withFileTypes: true })
      .filter(({ name }) => /\.ya?ml$/i.test(name))
      .map(({ parentPath, name }) => {
        const path = join(parentPath, name);
        const stats = lstatSync(path, { bigint: true, throwIfNoEntry: false });
        return stats ? `${path} ${stats.ino} ${stats.size} ${stats.ctimeNs}` : path;
      })
      .join("\n");
  } catch (error) {
    // Reading will say what is wrong with it, if it stays so.
    return String(error);
  }
}
