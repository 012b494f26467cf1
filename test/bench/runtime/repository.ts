import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

const peers = join("test", "bench", "peers");

/** The repository that this program was compiled in: the nearest folder above it that has what is measured beside. */
export const repository = ((): string => {
  let folder = import.meta.dirname;
  while (!existsSync(join(folder, peers))) folder = dirname(folder);
  return folder;
})();

/** A file or folder of those that are measured beside this product. */
export function peerPath(...path: readonly string[]): string {
  return join(repository, peers, ...path);
}
