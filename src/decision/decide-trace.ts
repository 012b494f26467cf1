import type { Reason } from "./reason.ts";
import type { OrgSnapshot } from "./snapshot.ts";

export interface TraceDecision {
  readonly kind: "trace";
  readonly isTraced: boolean;
  readonly retentionDays: number;
  readonly reason: Reason;
  /** `acme/trace`; null where the org says nothing and the default holds. */
  readonly decidedBy: string | null;
}

export interface Traceable {
  readonly isError: boolean;
  /** From 0 to below 1: thrown by the caller, best from the trace's id, so that a trace is kept whole. */
  readonly die: number;
}

/** Whether an execution is recorded, and for how long. */
export function decideTrace({ trace }: OrgSnapshot, execution: Traceable): TraceDecision {
  return {
    kind: "trace",
    isTraced: isTraced(trace, execution),
    retentionDays: trace.retentionDays,
    reason: "trace-mode",
    decidedBy: trace.address,
  };
}

function isTraced({ mode, sampleRate }: OrgSnapshot["trace"], { isError, die }: Traceable): boolean {
  switch (mode) {
    case "all":
      return true;
    case "errors_only":
      return isError;
    case "sampled":
      return die < sampleRate;
    default:
      return false;
  }
}
