import type { Answer, Explanation } from "./client.ts";
import type { Wanted } from "./wanted.ts";

/** The no to a question that nothing was decided about: there is no such org, or nobody knows. */
export function noAnswer({ kind, name }: Wanted, reason: "unknown-org" | "unavailable"): Answer {
  switch (kind) {
    case "permission":
      return { kind, permission: name, allowed: false, reason, decidedBy: null, through: null };
    case "flag":
      return { kind, flag: name, value: null, variant: null, reason, decidedBy: null };
    case "entitlement":
      return {
        kind,
        entitlement: name,
        entitled: false,
        value: null,
        reason,
        decidedBy: null,
        through: null,
      };
  }
}

/** The same where everything is wanted that was looked at: nothing was. */
export function noExplanation(wanted: Wanted, reason: "unknown-org" | "unavailable"): Explanation {
  return { answer: noAnswer(wanted, reason), explanation: {} };
}
