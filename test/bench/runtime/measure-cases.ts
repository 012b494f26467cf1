import { aligned, digits } from "./aligned.ts";
import { caseGroups } from "./case-groups.ts";
import { installPeers } from "./install-peers.ts";
import type { MeasuredCase } from "./measured-case.ts";
import { type MeasuredGroup, type Target, targetLine } from "./measured-group.ts";
import { type Rounds, type SkippedCase, type TimedCase, timeCases } from "./time-cases.ts";

const rounds: Rounds = { rounds: 7, milliseconds: 500 };

/** Permission checks in process, beside a bare nested Map and the libraries that apps use. */
export async function measurePermissions(): Promise<MeasuredGroup> {
  const measured = await timeCases("permissions", casesOf("permissions"), rounds);
  return {
    title:
      "permission checks in process: 1,000 orgs × 20 members × 5 roles, 65,536 random requests, 10 % across orgs",
    ...group(measured, [
      ...ratio(measured, ["Tenantry", "nested Map"], { what: "check against a nested Map", atMost: 4 }),
      ...ratio(measured, ["casbin enforceSync", "Tenantry"], {
        what: "casbin against a check",
        atLeast: 100,
      }),
      ...ahead(measured, ["CASL with conditions", "accesscontrol", "cedar-wasm, policies parsed before"]),
    ]),
  };
}

/** Flags in process: a rule on the plan and a rollout to half of the orgs. */
export async function measureFlags(): Promise<MeasuredGroup> {
  const measured = await timeCases("flags", casesOf("flags"), rounds);
  const peers = caseGroups.flags.cases.filter((each) => "peer" in each).map(({ name }) => name);
  return {
    title:
      "flags in process: a rule on the plan and a rollout to 50 %, 50 flags, 10,000 orgs, 65,536 random requests",
    ...group(measured, ahead(measured, peers)),
  };
}

function casesOf(name: "permissions" | "flags"): readonly MeasuredCase[] {
  const missing = installPeers();
  if (missing === null) return caseGroups[name].cases;
  process.stdout.write(`skipped: every other library, as ${missing}\n`);
  return caseGroups[name].cases.filter((each) => "own" in each);
}

type Measured = readonly (TimedCase | SkippedCase)[];

function group(measured: Measured, targets: readonly Target[]): Omit<MeasuredGroup, "title"> {
  const timed = measured.filter((each) => "microseconds" in each);
  const limit = timed[0]?.microseconds ?? Number.NaN;
  const ours = timed.find(({ name }) => name === "Tenantry")?.microseconds ?? Number.NaN;
  const rows = timed.map(({ name, microseconds, least, most, bytes }) => [
    name,
    digits(microseconds),
    `${digits(least)}–${digits(most)}`,
    digits(microseconds / limit),
    digits(microseconds / ours),
    Math.round(bytes).toLocaleString("en-US"),
  ]);
  const head = ["", "µs a call", "least–most", `× ${timed[0]?.name}`, "× Tenantry", "bytes a call"];
  const text = [
    aligned([head, ...rows]),
    ...measured.flatMap((each) => ("skipped" in each ? [`skipped: ${each.name}: ${each.skipped}`] : [])),
    `all ${timed[0]?.checked.toLocaleString("en-US")} answers of each were right; ${rounds.rounds} rounds in turn, ${rounds.milliseconds} ms each, one process each`,
    ...targets.map(targetLine),
  ].join("\n");
  return { text, figures: measured, targets };
}

function ahead(measured: Measured, peers: readonly string[]): Target[] {
  return peers.flatMap((peer) =>
    ratio(measured, [peer, "Tenantry"], { what: `${peer} against Tenantry`, atLeast: 1 }),
  );
}

/** None where one of the two was skipped. */
function ratio(
  measured: Measured,
  [over, under]: readonly [string, string],
  target: Omit<Target, "measured" | "unit">,
): Target[] {
  const timeOf = (name: string) =>
    measured.find((each): each is TimedCase => each.name === name && "microseconds" in each)?.microseconds;
  const [above, below] = [timeOf(over), timeOf(under)];
  return above === undefined || below === undefined
    ? []
    : [{ ...target, measured: above / below, unit: "×" }];
}
