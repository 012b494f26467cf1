import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { applyAgainstCopy } from "./apply-against-copy.ts";
import { type BenchServer, openBenchServer } from "./bench-database.ts";
import { conditions } from "./conditions.ts";
import { copyRowsOf } from "./copy-rows.ts";
import { usualEstate, type WrittenEstate, writeEstate } from "./generate-estate.ts";
import { peakMemory } from "./peak-memory.ts";
import { planAgainstHashing } from "./plan-against-hashing.ts";
import { planChanges } from "./plan-changes.ts";
import { groupNames, measureRuntime } from "./runtime/measure-runtime.ts";
import { takeSample } from "./take-sample.ts";
import { validateAgainstYaml } from "./validate-against-yaml.ts";

// Every ratio is measured in this one run, side by side: `npm run bench -- --orgs 10000`, `npm run bench -- --only runtime`.
const { values } = parseArgs({
  options: {
    orgs: { type: "string", default: "1000" },
    largest: { type: "string", default: "16000" },
    rounds: { type: "string", default: "7" },
    seed: { type: "string", default: "1" },
    /** A superuser's; the server has to be on this machine. Empty: only what needs none is measured. */
    database: { type: "string", default: "postgres://postgres@localhost/postgres" },
    /** `plans` or `runtime`; both where nothing is said. */
    only: { type: "string" },
    /** One group of the runtime's alone. */
    group: { type: "string" },
    /** A file for the runtime's figures. */
    json: { type: "string" },
  },
});
const chosen = { only: oneOf("only", ["plans", "runtime"]), group: oneOf("group", groupNames) };
const rounds = Number(values.rounds);
const root = mkdtempSync(join(tmpdir(), "tenantry-bench-"));
const server = values.database === "" ? null : await openBenchServer(values.database);
try {
  const measuredOn = `${conditions()}\n${server?.conditions ?? "no PostgreSQL"}`;
  print("conditions", measuredOn);
  if (chosen.only !== "runtime" && !chosen.group) await measurePlans();
  if (chosen.only !== "plans") {
    const only = chosen.group ? [chosen.group] : groupNames;
    await measureRuntime({ server, only, conditions: measuredOn, json: values.json }, print);
  }
} finally {
  await server?.close();
  rmSync(root, { recursive: true });
}

async function measurePlans(): Promise<void> {
  const options = { ...usualEstate, seed: Number(values.seed) };
  const estate = writeEstate(join(root, "estate"), { ...options, orgs: Number(values.orgs) });
  const large = writeEstate(join(root, "large"), { ...options, orgs: 1, largest: Number(values.largest) });
  print(
    "estates",
    `${estateText(values.orgs, estate)}\n${estateText("1", large)}, ${values.largest} members`,
  );
  print("validate against parsing YAML", await validateAgainstYaml(estate, rounds));
  print("validate one large org against parsing YAML", await validateAgainstYaml(large, rounds));
  if (server) await withServer(server, estate);
  else print("peak memory", peakMemory(manifestRuns(estate)));
}

async function withServer(server: BenchServer, estate: WrittenEstate): Promise<void> {
  const { folder } = estate;
  const url = await server.fresh("applied");
  takeSample("apply", { folder, url });
  const copied = await copyRowsOf(url);
  try {
    const loads = { server, estate, copied, rounds: Math.ceil(rounds / 2) };
    print("first apply against COPY", await applyAgainstCopy(loads));
  } finally {
    copied.remove();
  }
  print("plan without changes against hashing", await planAgainstHashing(estate, url, rounds));
  print("plan with a change against none", await planChanges(estate, url, Math.ceil(rounds / 2)));
  const planned = ["plan", "firstPlan"] as const;
  const empty = await server.fresh("empty");
  const urls = { plan: url, firstPlan: empty };
  print(
    "peak memory",
    peakMemory([
      ...manifestRuns(estate),
      ...planned.map((task) => [task, { folder, url: urls[task] }] as const),
    ]),
  );
}

function manifestRuns({ folder }: WrittenEstate) {
  return [
    ["idle", { folder }],
    ["parse", { folder }],
    ["validate", { folder }],
  ] as const;
}

function estateText(orgs: string, { files, bytes }: WrittenEstate): string {
  return `${orgs} orgs, ${files} files, ${bytes} bytes`;
}

function oneOf<T extends string>(option: "only" | "group", known: readonly T[]): T | undefined {
  const given = values[option];
  if (given === undefined || known.some((name) => name === given)) return given as T | undefined;
  throw new Error(`--${option} is one of ${known.join(", ")}, not ${given}.`);
}

function print(title: string, text: string): void {
  process.stdout.write(`${title}\n${text.replace(/^/gm, "  ")}\n\n`);
}
