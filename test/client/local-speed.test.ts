import { expect, test } from "vitest";
import { localClient } from "../../src/client/local-client.ts";
import { decidePermission } from "../../src/decision/decide-permission.ts";
import { questionOf } from "../../src/decision/question.ts";
import type { OrgSnapshot } from "../../src/decision/snapshot.ts";
import { eachEngine } from "../engines.ts";
import { serveEstate } from "../server/serve-estate.ts";

const members = ["ana@acme.example", "bo@acme.example", "cy@contractor.example", "nobody"];
const permissions = ["members:invite", "billing:read", "org:read", "document:read", "teams:manage"];
const asked = members.flatMap((member) => permissions.map((permission) => ({ member, permission })));
const rounds = 400;
const repeats = 40;

eachEngine("a client in process", (open) => {
  test("costs no more than a fifth above the engine, of which both ask what time it is", async () => {
    const database = await open();
    const { estate } = await serveEstate(database);
    const orgs = new Map<string, OrgSnapshot>();
    for (const slug of ["acme", "globex", "initech"]) orgs.set(slug, (await estate.org(slug)) as OrgSnapshot);
    const client = await localClient(database);
    const bare = () => {
      let yes = 0;
      for (const { member, permission } of asked) {
        const org = orgs.get("acme");
        if (org && decidePermission(questionOf({ org, now: Date.now(), member }), permission).isAllowed)
          yes++;
      }
      return yes;
    };
    const ours = () => {
      let yes = 0;
      for (const { member, permission } of asked) if (client.org("acme").can(member, permission)) yes++;
      return yes;
    };
    expect(ours()).toBe(bare());
    let ratio = Number.POSITIVE_INFINITY;
    // A busy machine disturbs some of them.
    for (let attempt = 0; attempt < 10 && ratio > 1.2; attempt++)
      ratio = Math.min(ratio, compared(ours, bare));
    console.log(`client in process: ${ratio.toFixed(2)} of the engine`);
    await client.close();
    expect(ratio).toBeLessThanOrEqual(1.2);
  });
});

/** By turns, and by the quick tenth of each: what is slower was interrupted. */
function compared(ours: () => number, theirs: () => number): number {
  const times = { ours: [] as number[], theirs: [] as number[] };
  for (let round = 0; round < rounds; round++) {
    times.ours.push(timeOf(ours));
    times.theirs.push(timeOf(theirs));
  }
  return quick(times.ours) / quick(times.theirs);
}

function timeOf(work: () => number): number {
  const began = performance.now();
  for (let repeat = 0; repeat < repeats; repeat++) work();
  return performance.now() - began;
}

const quick = (times: number[]) => times.sort((a, b) => a - b)[Math.floor(times.length / 10)] as number;
