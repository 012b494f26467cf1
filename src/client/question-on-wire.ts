import type { About, Answer, Query, Resource } from "./client.ts";
import { wantedOf } from "./wanted.ts";

/** A question as `POST /v1/orgs/{org}/check` takes it. */
export interface WireQuestion extends About {
  readonly permission?: string;
  readonly flag?: string;
  readonly entitlement?: string;
  readonly member?: string;
  readonly resource?: Resource;
}

/** An answer as the server gives it. */
export type WireAnswer = { readonly decided_by: string | null } & {
  readonly [name: string]: unknown;
};

/** Always in the same order, so that the same question has the same text. Throws `TypeError` as `wantedOf` does. */
export function toWire(query: Query): WireQuestion {
  const { kind, name } = wantedOf(query);
  const { member, workspace, environment, context } = query;
  const resource = "resource" in query ? query.resource : undefined;
  return {
    [kind]: name,
    ...(member === undefined ? {} : { member }),
    ...(workspace === undefined ? {} : { workspace }),
    ...(environment === undefined ? {} : { environment }),
    ...(resource === undefined ? {} : { resource }),
    ...(context === undefined ? {} : { context }),
  };
}

export function fromWire({ decided_by: decidedBy, ...answer }: WireAnswer): Answer {
  return { ...answer, decidedBy } as Answer;
}
