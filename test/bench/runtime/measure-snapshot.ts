import { execFileSync } from "node:child_process";
import { join } from "node:path";
import type { FreshnessFigures } from "../../runtime/freshness-trial.ts";
import type { BenchServer } from "../bench-database.ts";
import { median } from "../compare.ts";
import { aligned } from "./aligned.ts";
import { fillEstate } from "./fill-estate.ts";
import type { HeldEstate } from "./hold-estate.ts";
import { type MeasuredGroup, type Target, targetLine } from "./measured-group.ts";

const size = { orgs: 100_000, members: 10 };
const rounds = 3;
const applies = 500;

/** How long an estate takes to load, what it takes to hold, and how soon a change is served. */
export async function measureSnapshot(server: BenchServer | null): Promise<MeasuredGroup> {
  const title = `snapshot: ${size.orgs.toLocaleString("en-US")} orgs × ${size.members} members, loaded from PostgreSQL`;
  if (!server)
    return { title, text: "skipped: there is no PostgreSQL here, to load from", figures: null, targets: [] };
  const url = await server.fresh("loaded");
  await fillEstate(url, size);
  await server.settle();
  const samples = Array.from({ length: rounds }, () => run<HeldEstate>("hold-estate.js", url));
  const fresh = run<FreshnessFigures>("apply-and-see.js", url, String(applies));
  const middle = (of: (each: HeldEstate) => number) => median(samples.map(of));
  const megabytes = (of: (each: HeldEstate) => { readonly heap: number; readonly rss: number }) => [
    `${middle((each) => of(each).heap).toFixed(0)} MB`,
    `${middle((each) => of(each).rss).toFixed(0)} MB`,
  ];
  const seconds = middle(({ milliseconds }) => milliseconds / 1_000);
  const times = samples.map(({ milliseconds }) => milliseconds / 1_000);
  const peak = middle((each) => each.peak);
  const targets: readonly Target[] = [
    { what: "load", measured: seconds, unit: "s", atMost: 15 },
    {
      what: "resident after every org was asked",
      measured: middle(({ asked }) => asked.rss),
      unit: "MB",
      atMost: 600,
    },
    { what: "one org's change served, p99", measured: fresh.p99, unit: "ms", atMost: 100 },
  ];
  const text = [
    `loaded in ${seconds.toFixed(1)} s (${Math.min(...times).toFixed(1)}–${Math.max(...times).toFixed(1)}, ${rounds} processes)`,
    aligned([
      ["", "heap", "resident"],
      ["after the load", ...megabytes(({ loaded }) => loaded)],
      ["after a collection", ...megabytes(({ collected }) => collected)],
      ["after every org was asked once", ...megabytes(({ asked }) => asked)],
      ["at the peak", "", `${peak.toFixed(0)} MB`],
    ]),
    `the first answer of an org takes ${middle(({ firstAnswer }) => firstAnswer).toFixed(2)} µs`,
    `one org's change is served after the COMMIT: p50 ${fresh.p50.toFixed(1)} ms, p99 ${fresh.p99.toFixed(1)} ms, at most ${fresh.max.toFixed(1)} ms, over ${fresh.applies} applies`,
    ...targets.map(targetLine),
  ].join("\n");
  return { title, text, figures: { samples, fresh }, targets };
}

/** Runs a program of this folder in a process of its own. */
function run<Figures>(program: string, ...given: readonly string[]): Figures {
  const command = ["--expose-gc", join(import.meta.dirname, program), ...given];
  const output = execFileSync(process.execPath, command, {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
  return JSON.parse(output) as Figures;
}
