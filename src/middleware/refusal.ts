import type { Reason } from "../decision/reason.ts";

/** Why a request is not let through: a closed set of problems, named and titled as the server's are. */
const problems = {
  "bad-request": { status: 400, title: "The request cannot be read" },
  unauthorized: { status: 401, title: "The request says nobody who asks" },
  forbidden: { status: 403, title: "The member may not do this" },
  "unknown-org": { status: 404, title: "There is no such org, or it is not yours to ask about" },
  unavailable: { status: 503, title: "Nobody that knows can be reached" },
} as const;

export type ProblemName = keyof typeof problems;

/** A whole answer; every framework sends the same. */
export interface Refusal {
  readonly status: (typeof problems)[ProblemName]["status"];
  readonly headers: Readonly<Record<string, string>>;
  /** A problem as RFC 9457 has it. */
  readonly body: string;
}

export interface RefusalDetail {
  readonly detail?: string;
  readonly permission?: string;
  readonly reason?: Reason;
}

export function refusal(name: ProblemName, detail: RefusalDetail = {}): Refusal {
  return {
    status: problems[name].status,
    headers: {
      "content-type": "application/problem+json",
      // Who is let in later must not meet the refusal of before.
      "cache-control": "no-store",
      // HTTP wants one with every 401, and this one makes no browser ask for a password.
      ...(name === "unauthorized" ? { "www-authenticate": "Bearer" } : null),
    },
    body: JSON.stringify({ type: `urn:tenantry:problem:${name}`, ...problems[name], ...detail }),
  };
}
