import type { BenchServer } from "./bench-database.ts";
import { median } from "./compare.ts";
import type { CopiedRows } from "./copy-rows.ts";
import type { WrittenEstate } from "./generate-estate.ts";
import { takeSample } from "./take-sample.ts";

export interface ApplyAgainstCopy {
  readonly server: BenchServer;
  readonly estate: WrittenEstate;
  /** The rows that the apply leaves behind. */
  readonly copied: CopiedRows;
  readonly rounds: number;
}

/**
 * The first apply of an estate, against the server's own COPY of the same rows into the same tables with their keys and
 * indexes, without triggers: no audit, no books, no foreign keys. Every load has a database of its own.
 */
export async function applyAgainstCopy({
  server,
  estate: { folder },
  copied,
  rounds,
}: ApplyAgainstCopy): Promise<string> {
  const measures = {
    apply: async (url: string) => {
      const { milliseconds, planning = 0, rows, peakMegabytes } = takeSample("apply", { folder, url });
      if (rows !== copied.rows) throw new Error(`${rows} rows were applied, and ${copied.rows} copied.`);
      plannings.push(planning);
      peaks.push(peakMegabytes);
      return milliseconds;
    },
    copy: (url: string) => copied.loadInto(url, "no triggers"),
    checked: (url: string) => copied.loadInto(url, "foreign keys"),
  };
  const plannings: number[] = [];
  const peaks: number[] = [];
  const times = { apply: [] as number[], copy: [] as number[], checked: [] as number[] };
  for (let round = 0; round < rounds; round++) {
    for (const name of ["apply", "copy", "checked"] as const) {
      const url = await server.fresh(name);
      await server.settle();
      times[name].push(await measures[name](url));
    }
  }
  const speed = (milliseconds: number) => copied.rows / (milliseconds / 1_000);
  const thousands = (rate: number) => `${(rate / 1_000).toFixed(1)}k rows/s`;
  const apply = median(times.apply);
  const whole = median(times.apply.map((time, round) => time + (plannings[round] ?? 0)));
  const share = (of: number, time: number) => `${((100 * time) / of).toFixed(0)} %`;
  const copy = median(times.copy);
  const checked = median(times.checked);
  return [
    `${share(apply, copy)} of COPY (${rounds} rounds)  budget 50 %`,
    `${copied.rows} rows: ${thousands(speed(apply))} against ${thousands(speed(copy))} of COPY without triggers`,
    `${share(whole, copy)} with planning included; ${share(apply, checked)} of COPY that checks foreign keys (${thousands(speed(checked))})`,
    `${median(peaks).toFixed(0)} MiB at its peak`,
  ].join("\n");
}
