import { writeFileSync } from "node:fs";
import type { BenchServer } from "../bench-database.ts";
import { measureFlags, measurePermissions } from "./measure-cases.ts";
import { measureHttp } from "./measure-http.ts";
import { measureSnapshot } from "./measure-snapshot.ts";
import type { MeasuredGroup } from "./measured-group.ts";

/** The groups of measurements of the runtime, in the order that they are made in. */
const groups = {
  permissions: measurePermissions,
  flags: measureFlags,
  http: measureHttp,
  snapshot: measureSnapshot,
} as const satisfies Record<string, (server: BenchServer | null) => Promise<MeasuredGroup>>;

export type GroupName = keyof typeof groups;

export const groupNames = Object.keys(groups) as GroupName[];

export interface RuntimeOptions {
  readonly server: BenchServer | null;
  readonly only: readonly GroupName[];
  readonly conditions: string;
  /** A file that the figures are written to as well. */
  readonly json: string | undefined;
}

/** Measures the runtime beside its peers, tells each group as it is done, and which targets were missed. */
export async function measureRuntime(
  { server, only, conditions, json }: RuntimeOptions,
  print: (title: string, text: string) => void,
): Promise<void> {
  const measured: Record<string, MeasuredGroup> = {};
  for (const name of only) {
    const group = await groups[name](server);
    measured[name] = group;
    print(group.title, group.text);
  }
  if (json === undefined) return;
  const figures = Object.entries(measured).map(([name, { title, figures, targets }]) => [
    name,
    { title, figures, targets },
  ]);
  writeFileSync(json, `${JSON.stringify({ conditions, groups: Object.fromEntries(figures) }, null, 2)}\n`);
}
