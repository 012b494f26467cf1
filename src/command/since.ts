import { InvalidArgumentError } from "commander";
import { parseTime } from "../model/time.ts";
import { canonicalTime } from "../model/value.ts";
import { durationOf } from "./duration.ts";

/** Reads from when on: `30d`, `12h`, `2w`, `45m` before now, or `2026-11-01`, `2026-11-01T09:00Z`; in canonical form. */
export function sinceTime(text: string): string {
  const back = durationOf(text);
  const time = back === null ? parseTime(text) : new Date(Date.now() - back);
  if (typeof time === "string") return time;
  if (time === null || Number.isNaN(time.getTime())) {
    throw new InvalidArgumentError(
      `"${text}" is neither a time back, as 30d or 12h, nor a day, as 2026-11-01.`,
    );
  }
  return canonicalTime(time.toISOString());
}

/** Reads the number of a revision, or of how many of something to show. */
export function wholeNumber(text: string): number {
  if (!/^[1-9]\d{0,14}$/.test(text)) throw new InvalidArgumentError(`"${text}" is not a number from 1 on.`);
  return Number(text);
}
