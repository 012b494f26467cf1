import { setImmediate } from "node:timers/promises";

/** How many are sorted, or joined, before others have their turn: about a millisecond's worth. */
const slice = 2_048;

/** Sorts by code unit as `sort` does, and lets others have their turn meanwhile, however many there are. */
export async function sortInTurns(names: Iterable<string>): Promise<readonly string[]> {
  let runs: string[][] = [];
  let run: string[] = [];
  for (const name of names) {
    if (run.push(name) < slice) continue;
    runs.push(run.sort());
    run = [];
    await setImmediate();
  }
  runs.push(run.sort());
  while (runs.length > 1) {
    const joined: string[][] = [];
    for (let at = 0; at < runs.length; at += 2) joined.push(await merged(runs[at] ?? [], runs[at + 1] ?? []));
    runs = joined;
  }
  return runs[0] ?? [];
}

async function merged(a: readonly string[], b: readonly string[]): Promise<string[]> {
  const both: string[] = [];
  let atA = 0;
  let atB = 0;
  while (atA < a.length || atB < b.length) {
    const isFromA = atB === b.length || (atA < a.length && (a[atA] as string) < (b[atB] as string));
    both.push((isFromA ? a[atA++] : b[atB++]) as string);
    if (both.length % slice === 0) await setImmediate();
  }
  return both;
}
