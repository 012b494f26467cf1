import { median } from "../compare.ts";
import type { CaseGroupName } from "./case-groups.ts";
import { type CaseProcess, startCase } from "./case-process.ts";
import type { MeasuredCase } from "./measured-case.ts";

export interface TimedCase {
  readonly name: string;
  /** Answers that were compared with the fixture, all of them right. */
  readonly checked: number;
  /** Microseconds a call: the middle of all rounds, and the range that they lie in. */
  readonly microseconds: number;
  readonly least: number;
  readonly most: number;
  readonly bytes: number;
}

export interface SkippedCase {
  readonly name: string;
  readonly skipped: string;
}

export interface Rounds {
  readonly rounds: number;
  readonly milliseconds: number;
}

/** Measures cases side by side: all of them are started, then each has its turn in every round, in changing order. */
export async function timeCases(
  group: CaseGroupName,
  cases: readonly MeasuredCase[],
  { rounds, milliseconds }: Rounds,
): Promise<readonly (TimedCase | SkippedCase)[]> {
  const started: {
    readonly measured: MeasuredCase;
    readonly process: CaseProcess;
    readonly times: number[];
  }[] = [];
  const skipped = new Map<string, string>();
  const bytes = new Map<string, number>();
  try {
    for (const measured of cases) {
      try {
        bytes.set(measured.name, await bytesOf(group, measured));
        started.push({ measured, process: await startCase(group, measured), times: [] });
      } catch (error) {
        skipped.set(measured.name, (error as Error).message);
      }
    }
    for (let round = 0; round < rounds; round++) {
      for (const { process, times } of round % 2 === 0 ? started : started.toReversed())
        times.push(await process.time(milliseconds));
    }
  } finally {
    for (const { process } of started) process.end();
  }
  return cases.map(({ name }) => {
    const found = started.find(({ measured }) => measured.name === name);
    if (!found) return { name, skipped: skipped.get(name) ?? "" };
    const { process, times } = found;
    return {
      name,
      checked: process.checked,
      microseconds: median(times),
      least: Math.min(...times),
      most: Math.max(...times),
      bytes: bytes.get(name) ?? Number.NaN,
    };
  });
}

/** So few calls that what they allocate fits into the young generation, which is made large enough for no collection. */
const calls = 10_000;

async function bytesOf(group: CaseGroupName, measured: MeasuredCase): Promise<number> {
  const process = await startCase(group, measured, [
    "--min-semi-space-size=256",
    "--max-semi-space-size=256",
  ]);
  const samples = [
    await process.allocate(calls),
    await process.allocate(calls),
    await process.allocate(calls),
  ];
  process.end();
  return Math.max(0, median(samples));
}
