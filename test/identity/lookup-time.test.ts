import { expect, inject, it } from "vitest";
import { openDatabase } from "../../src/database/connect.ts";
import { findKey } from "../../src/identity/find-key.ts";
import { digestOf, makeKeyText } from "../../src/identity/key-text.ts";
import { serverDatabase } from "../server-database.ts";
import { declareOrg, minted } from "./keys-of-acme.ts";

const each = 10_000;
const warmUp = 250;
const names = Array.from({ length: 50 }, (_, index) => `key-${index}`);

interface LookUp {
  readonly isKnown: boolean;
  readonly digest: Buffer;
}

// What really differs, differs each time; a machine that does other things may disturb one run.
const options = { timeout: 300_000, retry: 2 };

it("takes as long for a key that is known as for one that is not", options, async () => {
  const { rolePrefix } = inject("engines");
  const database = await openDatabase({ url: await serverDatabase("lookup_time"), rolePrefix });
  try {
    const scopes = ["document:read"];
    await declareOrg(database, "acme", Object.fromEntries(names.map((name) => [name, { scopes }])));
    const known: Buffer[] = [];
    for (const name of names) known.push(digestOf((await minted(database, name, "acme")).text) as Buffer);
    await database.pool.query("analyze");

    // All made before: what it takes to make a key must not be measured with it.
    const lookUps = shuffled(
      Array.from({ length: 2 * (each + warmUp) }, (_, at): LookUp => {
        const isKnown = at % 2 === 0;
        return {
          isKnown,
          digest: isKnown ? Buffer.from(known[at % known.length] as Buffer) : makeKeyText().digest,
        };
      }),
    );
    const times = { known: [] as number[], unknown: [] as number[] };
    for (const [at, { isKnown, digest }] of lookUps.entries()) {
      const begun = process.hrtime.bigint();
      const key = await findKey(database, digest);
      const took = Number(process.hrtime.bigint() - begun) / 1_000;
      expect(key !== null).toBe(isKnown);
      if (at >= 2 * warmUp) times[isKnown ? "known" : "unknown"].push(took);
    }
    // What else the machine does makes some look-ups a hundred times as slow, and would hide a small difference.
    const limit = [...times.known, ...times.unknown].sort((a, b) => a - b)[
      Math.floor(2 * each * 0.9)
    ] as number;
    const quiet = { known: times.known.filter(under(limit)), unknown: times.unknown.filter(under(limit)) };
    for (const [what, { known, unknown }] of Object.entries({ all: times, "the quickest 90 %": quiet })) {
      const t = welchT(known, unknown);
      console.log(
        `key look-up, ${each} each, ${what}: known ${mean(known).toFixed(1)} µs, unknown ${mean(unknown).toFixed(1)} µs, Welch's t ${t.toFixed(2)}`,
      );
      expect(Math.abs(t)).toBeLessThan(4.5);
    }
  } finally {
    await database.close();
  }
});

/** Fisher and Yates. */
function shuffled<T>(items: T[]): T[] {
  for (let at = items.length - 1; at > 0; at--) {
    const other = Math.floor(Math.random() * (at + 1));
    [items[at], items[other]] = [items[other] as T, items[at] as T];
  }
  return items;
}

function under(limit: number): (time: number) => boolean {
  return (time) => time <= limit;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function variance(values: readonly number[]): number {
  const middle = mean(values);
  return values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (values.length - 1);
}

function welchT(a: readonly number[], b: readonly number[]): number {
  return (mean(a) - mean(b)) / Math.sqrt(variance(a) / a.length + variance(b) / b.length);
}
