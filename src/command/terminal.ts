import { createInterface } from "node:readline/promises";
import { SingleBar } from "cli-progress";

/** Where a command speaks: results on standard output, everything else on standard error. */
export interface Terminal {
  readonly out: (text: string) => void;
  readonly talk: (text: string) => void;
  readonly colour: boolean;
  readonly talkColour: boolean;
  /** How wide the output may be. */
  readonly width: number;
  /** Asks a question to be answered with yes; null where nobody can answer. */
  readonly confirm: ((question: string) => Promise<boolean>) | null;
  /** Shows how far something is, on a terminal and only once it has taken a second. */
  readonly progress: (label: string) => Progress;
}

export interface Progress {
  readonly update: (done: number, total: number) => void;
  readonly stop: () => void;
}

/** The terminal of this process. */
export function processTerminal(environment: NodeJS.ProcessEnv): Terminal {
  const { stdin, stdout, stderr } = process;
  const wantsColour = (stream: NodeJS.WriteStream) =>
    environment.FORCE_COLOR
      ? environment.FORCE_COLOR !== "0"
      : // Undefined for a pipe, whatever its type says; left undefined, the colours' library would decide.
        stream.isTTY === true && !environment.NO_COLOR && environment.TERM !== "dumb";
  const isInteractive = stdin.isTTY && stderr.isTTY && !environment.CI;
  return {
    out: (text) => stdout.write(text),
    talk: (text) => stderr.write(text),
    colour: wantsColour(stdout),
    talkColour: wantsColour(stderr),
    width: Math.min(stdout.columns || 100, 120),
    confirm: isInteractive ? confirm : null,
    progress: (label) => (stderr.isTTY && !environment.CI ? barOn(label) : silent),
  };
}

async function confirm(question: string): Promise<boolean> {
  const reader = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return (await reader.question(`${question} Only "yes" is taken as yes: `)).trim() === "yes";
  } finally {
    reader.close();
  }
}

const silent: Progress = { update: () => {}, stop: () => {} };

function barOn(label: string): Progress {
  const begun = performance.now();
  let bar: SingleBar | null = null;
  return {
    update(done, total) {
      if (!bar && performance.now() - begun > 1_000) {
        const format = `${label} {bar} {percentage}% {value}/{total}`;
        bar = new SingleBar({
          format,
          stream: process.stderr,
          clearOnComplete: true,
          hideCursor: true,
          barsize: 30,
        });
        bar.start(total, done);
      }
      bar?.update(done);
    },
    stop: () => bar?.stop(),
  };
}
