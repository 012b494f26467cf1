import { pathToFileURL } from "node:url";
import { type CaseGroup, type CaseGroupName, caseGroups } from "./case-groups.ts";
import type { CaseReport, CaseRequest } from "./case-process.ts";
import type { Ask, Prepare } from "./measured-case.ts";
import { peerPath } from "./repository.ts";

// One case in a process of its own, so that nobody's compiled code is shaped by another's; see `startCase`. It says
// whether its answers are right, then measures as often as it is told to.
const [group, name] = process.argv.slice(2) as [CaseGroupName, string];
const { fixture, count, wrong, own, cases } = caseGroups[group] as unknown as CaseGroup<unknown>;
const data = fixture();
const requests = count(data);
const ask = await prepared();
let sink = 0;
let next = 0;

const answers: boolean[] = [];
for (let index = 0; index < requests; index++) answers.push((await ask(index)) === true);
const isAsync = ask(0) instanceof Promise;
const round = isAsync ? askedInTurn : asked;
let size = await warmUp(1_500);
report({ kind: "ready", checked: requests, wrong: wrong(data, answers) });

process.on("message", (request: CaseRequest) => {
  void (request.kind === "time" ? timed(request.milliseconds) : allocated(request.calls)).then(report);
});

async function prepared(): Promise<Ask> {
  const measured = cases.find((each) => each.name === name);
  if (measured?.own) return (own[measured.own] as Prepare<unknown>)(data);
  const module = await import(pathToFileURL(peerPath(measured?.peer ?? "")).href);
  return (module as { readonly default: Prepare<unknown> }).default(data);
}

/** Also finds how many calls take about two milliseconds: the clock is read once in so many. */
async function warmUp(milliseconds: number): Promise<number> {
  let calls = 1;
  const end = performance.now() + milliseconds;
  while (performance.now() < end) {
    const begun = performance.now();
    await round(calls);
    const took = performance.now() - begun;
    if (took < 1) calls *= 2;
    else if (took > 4 && calls > 1) calls = Math.floor(calls / 2);
  }
  return calls;
}

async function timed(milliseconds: number): Promise<CaseReport> {
  globalThis.gc?.();
  let calls = 0;
  const begun = performance.now();
  let now = begun;
  while (now - begun < milliseconds) {
    if (isAsync) await askedInTurn(size);
    else asked(size);
    calls += size;
    now = performance.now();
  }
  return { kind: "timed", microseconds: ((now - begun) * 1_000) / calls };
}

/** Bytes a call, while nothing is collected: the process is started with a young generation that holds them all. */
async function allocated(calls: number): Promise<CaseReport> {
  size = calls;
  await round(calls);
  globalThis.gc?.();
  const before = process.memoryUsage().heapUsed;
  await round(calls);
  return { kind: "allocated", bytes: (process.memoryUsage().heapUsed - before) / calls };
}

// The answers are summed up, so that no call can be left out.
function asked(calls: number): void {
  for (let call = 0; call < calls; call++) {
    if (ask(next)) sink += 1;
    next = next + 1 === requests ? 0 : next + 1;
  }
}

async function askedInTurn(calls: number): Promise<void> {
  for (let call = 0; call < calls; call++) {
    if (await ask(next)) sink += 1;
    next = next + 1 === requests ? 0 : next + 1;
  }
}

function report(message: CaseReport): void {
  process.send?.(message, () => {
    if (sink < 0) throw new Error("Nothing was asked.");
  });
}
