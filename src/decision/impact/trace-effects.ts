import { byCodeUnit, canonicalText, type Value } from "../../model/value.ts";
import { decideTrace } from "../decide-trace.ts";
import type { OrgSnapshot } from "../snapshot.ts";
import type { TraceCapture, TraceEffect } from "./impact.ts";
import type { OrgPair } from "./org-pair.ts";

export interface TraceEffects {
  readonly add: (pair: OrgPair) => void;
  readonly result: () => readonly TraceEffect[];
}

/** Gathers the orgs of which other executions are recorded than before, or for another time. */
export function traceEffects(): TraceEffects {
  const effects = new Map<string, Omit<TraceEffect, "orgs"> & { readonly orgs: string[] }>();
  return {
    add({ before, after }) {
      if (captureText(before) === captureText(after)) return;
      const effect = { before: captureOf(before), after: captureOf(after) };
      const text = canonicalText(effect as unknown as Value);
      const alike = effects.get(text) ?? { ...effect, orgs: [] };
      effects.set(text, alike);
      alike.orgs.push(after.slug);
    },
    result: () =>
      [...effects.entries()]
        .sort(([a, one], [b, other]) => other.orgs.length - one.orgs.length || byCodeUnit(a, b))
        .map(([, effect]) => ({ ...effect, orgs: effect.orgs.sort(byCodeUnit) })),
  };
}

function captureOf({ trace: { mode, sampleRate, retentionDays } }: OrgSnapshot): TraceCapture {
  return { mode, sampleRate: mode === "sampled" ? sampleRate : 1, retentionDays };
}

/** What is captured: sampling everything is the same as recording all, and nothing is kept for no time. */
function captureText(org: OrgSnapshot): string {
  const { sampleRate } = captureOf(org);
  // With the lowest throw of the dice an execution is recorded if any is.
  const isTraced = (isError: boolean) => decideTrace(org, { isError, die: 0 }).isTraced;
  const share = (isError: boolean) => (isTraced(isError) ? sampleRate : 0);
  const shares = [share(true), share(false)];
  const isAny = shares.some((each) => each > 0);
  return JSON.stringify(isAny ? [shares, decideTrace(org, { isError: true, die: 0 }).retentionDays] : []);
}
