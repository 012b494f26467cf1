import type { Reply } from "./server-line.ts";
import { NoAnswer, QuestionRefused } from "./trouble.ts";

interface Problem {
  readonly type: string;
  readonly title: string;
  readonly detail?: string;
}

/** Reads a response. Rejects with `NoAnswer`, or `QuestionRefused` where the caller has to ask otherwise. */
export async function replyOf(response: Response): Promise<Omit<Reply, "asked" | "position">> {
  const { status, headers } = response;
  const text = await response.text();
  const body = parsed(text);
  if (response.ok) {
    if (body === null) throw new NoAnswer("unavailable", "What the server answers is no answer.");
    return { body, age: (Number(headers.get("tenantry-age")) || 0) * 1_000 };
  }
  const problem = problemOf(body);
  if (problem?.type === "urn:tenantry:problem:unknown-org") return { body: null, age: 0 };
  const words = problem ? (problem.detail ?? problem.title) : `The server answers with ${status}.`;
  // Who is not known is not known whatever is asked; what forbids may forbid this alone.
  if (status === 401 || status === 403)
    throw new NoAnswer("unauthorized", words, { isForAll: status === 401 });
  if (status === 412) throw new NoAnswer("behind", words);
  if (problem && asksOtherwise.has(status)) throw new QuestionRefused(problem.type, words);
  const pause = pauseOf(headers.get("retry-after"));
  const isPassing = passing.has(status);
  // Who asks to be left alone says it to everyone.
  throw new NoAnswer("unavailable", words, { pause, isPassing, isForAll: pause > 0 });
}

const asksOtherwise = new Set([400, 413, 415, 422]);
const passing = new Set([429, 502, 503, 504]);

function parsed(text: string): Reply["body"] {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Reply["body"]) : null;
  } catch {
    return null;
  }
}

function problemOf(body: Reply["body"]): Problem | null {
  const isOurs = typeof body?.type === "string" && body.type.startsWith("urn:tenantry:problem:");
  return isOurs ? (body as unknown as Problem) : null;
}

/** A number of seconds, or a date (RFC 9110 §10.2.3), as milliseconds from now; 0 where nothing is said. */
function pauseOf(retryAfter: string | null): number {
  if (retryAfter === null) return 0;
  const seconds = /^\d{1,9}$/.test(retryAfter)
    ? Number(retryAfter) * 1_000
    : Date.parse(retryAfter) - Date.now();
  return Number.isFinite(seconds) ? Math.max(0, seconds) : 0;
}
