import { openDatabase } from "../../src/database/connect.ts";
import { apply, whole } from "./whole-estate.ts";

// A process of its own, for tests that start it and kill it: it opens a database, applies the whole estate
// up to a step, says so, and then sits there.
const [place = "", rolePrefix = "", stopAt = ""] = process.argv.slice(2);
try {
  const database = await openDatabase({
    ...(place.includes("://") ? { url: place } : { directory: place }),
    rolePrefix,
  });
  const stop = () => {
    process.stdout.write("stopped\n");
    return new Promise<void>(() => setInterval(() => {}, 1_000));
  };
  if (stopAt === "") await stop();
  await apply(database, whole, { step: (name) => (name === stopAt ? stop() : undefined) });
} catch (error) {
  process.stdout.write(`${(error as { code?: string }).code}: ${(error as Error).message}\n`);
}
