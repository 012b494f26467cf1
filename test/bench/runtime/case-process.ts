import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { CaseGroupName } from "./case-groups.ts";
import type { MeasuredCase } from "./measured-case.ts";

export type CaseRequest =
  | { readonly kind: "time"; readonly milliseconds: number }
  | { readonly kind: "allocate"; readonly calls: number };

export type CaseReport =
  | { readonly kind: "ready"; readonly checked: number; readonly wrong: number }
  | { readonly kind: "timed"; readonly microseconds: number }
  | { readonly kind: "allocated"; readonly bytes: number };

/** A case that stands ready in a process of its own, and does nothing until it is told to. */
export interface CaseProcess {
  readonly checked: number;
  /** How long a call takes, in microseconds. */
  readonly time: (milliseconds: number) => Promise<number>;
  /** How many bytes a call allocates. */
  readonly allocate: (calls: number) => Promise<number>;
  readonly end: () => void;
}

/** Prepares a case and has all its answers checked. Rejects where it cannot be loaded or any answer is wrong. */
export async function startCase(
  group: CaseGroupName,
  { name, nodeOptions = [] }: MeasuredCase,
  options: readonly string[] = [],
): Promise<CaseProcess> {
  const child = fork(join(import.meta.dirname, "run-case.js"), [group, name], {
    execArgv: ["--expose-gc", ...nodeOptions, ...options],
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
  const answers = answersOf(child);
  const ready = await answers();
  if (ready.kind !== "ready") throw new Error("The case did not begin with its check.");
  if (ready.wrong > 0) {
    child.kill();
    throw new Error(`${ready.wrong} of its ${ready.checked} answers are wrong.`);
  }
  const told = (request: CaseRequest) => {
    child.send(request);
    return answers();
  };
  return {
    checked: ready.checked,
    async time(milliseconds) {
      const answer = await told({ kind: "time", milliseconds });
      return answer.kind === "timed" ? answer.microseconds : Number.NaN;
    },
    async allocate(calls) {
      const answer = await told({ kind: "allocate", calls });
      return answer.kind === "allocated" ? answer.bytes : Number.NaN;
    },
    end: () => child.kill(),
  };
}

/** The next thing that a process says; rejects with the last of its complaints if it ends before. */
function answersOf(child: ChildProcess): () => Promise<CaseReport> {
  let complaints = "";
  child.stderr?.on("data", (part: Buffer) => {
    complaints = (complaints + part).slice(-2_000);
  });
  return async () => {
    const ended = new AbortController();
    const { signal } = ended;
    try {
      return await Promise.race([
        once(child, "message", { signal }).then(([message]) => message as CaseReport),
        once(child, "exit", { signal }).then(() => {
          throw new Error(lastLine(complaints));
        }),
      ]);
    } finally {
      ended.abort();
    }
  };
}

function lastLine(text: string): string {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  return lines.find((line) => /^\w*Error\b/.test(line)) ?? lines.at(-1) ?? "It ended without a word.";
}
