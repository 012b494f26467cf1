import { openDatabase } from "../../src/database/connect.ts";
import { apply, small, whole } from "./whole-estate.ts";

// A process of its own, for tests that start it and kill it: it opens a database, applies an estate
// up to a statement, says so, and then sits there.
const [place = "", rolePrefix = "", stopAt = "", estate = "whole"] = process.argv.slice(2);
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
  let turn = 0;
  const desired = estate === "small" ? small : whole;
  await apply(database, desired, { step: () => (turn++ === Number(stopAt) ? stop() : undefined) });
} catch (error) {
  process.stdout.write(`${(error as { code?: string }).code}: ${(error as Error).message}\n`);
}
