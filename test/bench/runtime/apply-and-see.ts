import { openDatabase } from "../../../src/database/connect.ts";
import { tryFreshness } from "../../runtime/freshness-trial.ts";
import { rolePrefix } from "../bench-database.ts";

// Applies one org's change after the other while the estate is held in memory as `tenantry serve` does, and prints how
// soon each was served after its COMMIT.
const [url = "", applies] = process.argv.slice(2);
const database = await openDatabase({ url, rolePrefix });
process.stdout.write(JSON.stringify(await tryFreshness(database, url, Number(applies))));
await database.close();
