import { openDatabase } from "../../../src/database/connect.ts";
import { decidePermission } from "../../../src/decision/decide-permission.ts";
import { questionOf } from "../../../src/decision/question.ts";
import { openLiveEstate } from "../../../src/runtime/live-estate.ts";
import { rolePrefix } from "../bench-database.ts";
import { orgSlug, userId } from "./permission-fixture.ts";

/** Megabytes, a million bytes each. */
interface Held {
  readonly heap: number;
  readonly rss: number;
}

export interface HeldEstate {
  readonly milliseconds: number;
  readonly orgs: number;
  readonly loaded: Held;
  readonly collected: Held;
  /** After every org was asked once. */
  readonly asked: Held;
  /** The most that was resident at any time. */
  readonly peak: number;
  /** One org after the other, each for the first time; microseconds. */
  readonly firstAnswer: number;
}

// Loads a filled database as `tenantry serve` does, in a process that does nothing else, and prints what it holds.
const [url = ""] = process.argv.slice(2);
const database = await openDatabase({ url, rolePrefix });
const begun = performance.now();
const estate = await openLiveEstate(database);
const milliseconds = performance.now() - begun;
const { orgs } = estate.state();
const loaded = held();
globalThis.gc?.();
const collected = held();
const firstAnswer = askEach(orgs);
globalThis.gc?.();
const asked = held();
const peak = (process.resourceUsage().maxRSS * 1_024) / 1e6;
const figures: HeldEstate = { milliseconds, orgs, loaded, collected, asked, peak, firstAnswer };
process.stdout.write(JSON.stringify(figures));
await database.close();

function held(): Held {
  const { heapUsed, rss } = process.memoryUsage();
  return { heap: heapUsed / 1e6, rss: rss / 1e6 };
}

/** The owner of every org may do what an owner may; anything else is a fault. */
function askEach(count: number): number {
  const now = Date.now();
  const started = performance.now();
  for (let index = 0; index < count; index++) {
    const org = estate.org(orgSlug(index));
    if (org === null || org instanceof Promise) throw new Error(`${orgSlug(index)} is not held.`);
    const { isAllowed } = decidePermission(
      questionOf({ org, now, member: userId(index, 0) }),
      "project:delete",
    );
    if (!isAllowed) throw new Error(`The owner of ${orgSlug(index)} may not delete a project.`);
  }
  return ((performance.now() - started) * 1_000) / count;
}
