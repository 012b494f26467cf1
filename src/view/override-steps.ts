import type { LookedFor } from "../decision/explain-override.ts";
import { printable } from "../diagnostic/printable.ts";
import type { Value } from "../model/value.ts";
import { answerValueText } from "./answer-value-text.ts";
import { timeText } from "./condition-steps.ts";
import { padded } from "./layout.ts";
import { plainText } from "./value-text.ts";

interface Overriding {
  readonly value: unknown;
  readonly variant?: string | null;
  readonly decidedBy: string | null;
}

/** Where overrides were looked for, the nearest first, and what was found there. */
export function overrideSteps(
  overrides: readonly LookedFor<Overriding>[],
  placed: (address: string) => string,
): string[] {
  const places = overrides.map(({ at, place }) => (place === null ? at : `${at} ${printable(place)}`));
  const widest = Math.max(...places.map((place) => place.length));
  return [
    "",
    "Overrides, the nearest first",
    ...overrides.map(
      (override, index) => `  ${padded(places[index] as string, widest)}  ${foundText(override, placed)}`,
    ),
  ];
}

function foundText(
  { decision, starts, until, isInForce }: LookedFor<Overriding>,
  placed: (address: string) => string,
): string {
  if (!decision) return "none";
  const time = [
    starts === null ? null : `from ${dayText(starts)}`,
    until === null ? null : `until ${dayText(until)}`,
    isInForce ? "in force" : "not in force",
  ];
  const { value, variant, decidedBy } = decision;
  const named = variant ? ` (${printable(variant)})` : "";
  const said = `${answerValueText(value as Value)}${named}, ${time.filter((part) => part !== null).join(", ")}`;
  return decidedBy === null ? said : `${said}: ${placed(decidedBy)}`;
}

/** The start of a day as the day. */
export function dayText(milliseconds: number): string {
  return plainText(timeText(milliseconds));
}
