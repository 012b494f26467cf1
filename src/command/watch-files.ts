import { relative, sep } from "node:path";
import { watch } from "chokidar";

/**
 * Calls `onChange` whenever a manifest below the directory is written, renamed, made or removed, and returns
 * what ends it. It says no more than that it is time to look: how an editor saves is all the same.
 */
export async function watchFiles(
  directory: string,
  onChange: () => void,
  onError: (error: Error) => void,
): Promise<() => Promise<void>> {
  const watcher = watch(directory, {
    ignoreInitial: true,
    // As reading does it: links lead to files within the directory, which are watched themselves.
    followSymlinks: false,
    ignored: (path) => isHidden(relative(directory, path)),
  });
  watcher.on("all", (event, path) => {
    if (!event.endsWith("Dir") && /\.ya?ml$/i.test(path)) onChange();
  });
  watcher.on("error", (error) => onError(error as Error));
  await new Promise<void>((resolve) => watcher.once("ready", resolve));
  return () => watcher.close();
}

function isHidden(path: string): boolean {
  return path.split(sep).some((name) => /^\.[^.]/.test(name) || name === "node_modules");
}
