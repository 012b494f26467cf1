import type { Query } from "../../src/client/client.ts";

/** What was asked: the path, and the questions where there are any. */
export interface MockAsked {
  readonly path: string;
  readonly questions: readonly Query[];
  readonly signal: AbortSignal;
}

/** A server without a database: it says yes to every permission and entitlement, unless `instead` answers otherwise. */
export function mockServer(instead: (asked: MockAsked) => Promise<Response | null> | Response | null) {
  const asked: string[] = [];
  const mock = async (input: unknown, init: RequestInit = {}): Promise<Response> => {
    const { pathname: path } = new URL(String(input));
    asked.push(path);
    const { questions = [] } = JSON.parse(String(init.body ?? "{}"));
    return (await instead({ path, questions, signal: init.signal as AbortSignal })) ?? yes(questions);
  };
  return { url: "http://tenants.example", fetch: mock as typeof fetch, asked };
}

export function yes(questions: readonly Query[], { epoch = "a", revision = 1 } = {}): Response {
  const decided = { reason: "granted", decided_by: null, through: null };
  const answers = questions.map((query) => {
    if ("permission" in query)
      return { kind: "permission", permission: query.permission, allowed: true, ...decided };
    if ("flag" in query) return { kind: "flag", flag: query.flag, value: true, variant: null, ...decided };
    return { kind: "entitlement", entitlement: query.entitlement, entitled: true, value: true, ...decided };
  });
  const headers = { "tenantry-epoch": epoch, "tenantry-revision": String(revision) };
  return Response.json({ org: "acme", revision, answers }, { headers });
}

/** Never answers, as a black hole. */
export function silence(signal: AbortSignal): Promise<Response> {
  return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
}
