import { isInForce, type Placed, type Timed } from "./override.ts";
import { type Question, workspaceOf } from "./question.ts";

/** A place at which an override was looked for. */
export interface LookedFor<T> {
  readonly at: "environment" | "workspace" | "org";
  /** `web/live` or `web`; null for the org. */
  readonly place: string | null;
  /** What is set there; null: nothing. */
  readonly decision: T | null;
  /** When it begins and ends, in milliseconds; null: it has always been there, or stays. */
  readonly starts: number | null;
  readonly until: number | null;
  readonly isInForce: boolean;
}

/** Where an override is looked for, the nearest first; the first one in force counts. */
export function explainOverride<T>(
  placed: Placed<T> | undefined,
  question: Question,
): readonly LookedFor<T>[] {
  const { environment, now } = question;
  const workspace = workspaceOf(question);
  const found = (
    at: LookedFor<T>["at"],
    place: string | null,
    timed: Timed<T> | null | undefined,
  ): LookedFor<T> => ({
    at,
    place,
    decision: timed?.decision ?? null,
    starts: finite(timed?.starts),
    until: finite(timed?.until),
    isInForce: timed ? isInForce(timed, now) : false,
  });
  return [
    ...(environment === null
      ? []
      : [found("environment", environment, placed?.environments.get(environment))]),
    ...(workspace === null ? [] : [found("workspace", workspace, placed?.workspaces.get(workspace))]),
    found("org", null, placed?.org),
  ];
}

/** A time in milliseconds as data; null for what is none, or never. */
export function finite(time: number | null | undefined): number | null {
  return Number.isFinite(time) ? (time as number) : null;
}
