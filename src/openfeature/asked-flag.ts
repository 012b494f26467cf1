import type { EvaluationContext } from "@openfeature/server-sdk";
import type { About, Query } from "../client/client.ts";

/** A flag, asked for as an evaluation context says. */
export interface AskedFlag {
  /** The slug; null: the context names none. */
  readonly org: string | null;
  readonly query: Query;
}

/**
 * `org`, `workspace` and `environment` say where the flag is asked for and `targetingKey` for whom; everything else is
 * an attribute of the request. Text: what is wrong with the context.
 */
export function askedFlag(flag: string, context: EvaluationContext): AskedFlag | string {
  const { targetingKey, org, workspace, environment, ...attributes } = context;
  const query: { -readonly [Key in keyof About]: About[Key] } & { flag: string; member?: string } = { flag };
  if (!isNameOrNothing(org)) return noName("org");
  if (!isNameOrNothing(workspace)) return noName("workspace");
  if (!isNameOrNothing(environment)) return noName("environment");
  // An empty one says as little as none, as over OFREP; an empty place could be anywhere.
  if (targetingKey) query.member = targetingKey;
  if (workspace != null) query.workspace = workspace;
  if (environment != null) query.environment = environment;
  for (const name in attributes) {
    const value = attributes[name];
    // What it is in JSON, so that it means the same in process as over HTTP.
    if (value instanceof Date) attributes[name] = value.toJSON();
  }
  query.context = attributes as NonNullable<About["context"]>;
  return { org: org ?? null, query };
}

function isNameOrNothing(value: unknown): value is string | null | undefined {
  return value === undefined || value === null || (typeof value === "string" && value !== "");
}

function noName(name: string): string {
  return `The context's ${name} has to be text, and not empty.`;
}
