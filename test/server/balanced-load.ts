import { Agent, request } from "node:http";
import { setTimeout } from "node:timers/promises";

/** What became of the requests that clients behind a balancer sent. */
export interface Outcome {
  /** Requests that were written to a connection, and those that were answered whole. */
  readonly sent: number;
  readonly answered: number;
  /** What befell the others. */
  readonly lost: readonly string[];
}

export interface Load {
  /** How many requests have been answered. */
  readonly answered: () => number;
  /** Resolves when all clients have stopped: the balancer sends them elsewhere once readiness fails. */
  readonly over: Promise<Outcome>;
}

/**
 * Clients that ask on connections they keep, one request after another, and connect anew when an answer closes
 * theirs. A balancer asks for readiness ten times a second and, when it fails, lets each finish what it is at.
 */
export function balancedLoad(port: number, clients: number): Load {
  let isReady = true;
  let answered = 0;
  let sent = 0;
  const lost: string[] = [];
  const balancer = async () => {
    for (; isReady; await setTimeout(100)) isReady = (await ask(port, readiness, new Agent())).status === 200;
  };
  const client = async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    while (isReady) {
      sent++;
      try {
        const { status, isWhole } = await ask(port, check, agent);
        if (status === 200 && isWhole) answered++;
        else lost.push(`status ${status}, ${isWhole ? "whole" : "cut"}`);
      } catch (error) {
        lost.push(String(error));
      }
    }
    agent.destroy();
  };
  const watching = balancer().catch((error) => {
    isReady = false;
    lost.push(`readiness: ${error}`);
  });
  const over = Promise.all([watching, ...Array.from({ length: clients }, client)]).then(() => ({
    sent,
    answered,
    lost,
  }));
  return { answered: () => answered, over };
}

interface Question {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly body?: string;
}

const readiness: Question = { method: "GET", path: "/readyz" };

const check: Question = {
  method: "POST",
  path: "/v1/orgs/acme/check",
  body: JSON.stringify({ questions: [{ permission: "members:invite", member: "ana@acme.example" }] }),
};

interface Answer {
  readonly status: number;
  readonly isWhole: boolean;
}

function ask(port: number, { method, path, body }: Question, agent: Agent): Promise<Answer> {
  const headers = body ? { "content-type": "application/json" } : {};
  return new Promise((resolve, reject) => {
    const asking = request({ host: "127.0.0.1", port, path, method, headers, agent }, (response) => {
      response.resume();
      response.on("end", () => resolve({ status: response.statusCode ?? 0, isWhole: response.complete }));
      response.on("error", reject);
    });
    asking.on("error", reject);
    asking.end(body);
  });
}
