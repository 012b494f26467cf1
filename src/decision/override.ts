import { noEntries } from "./nothing.ts";
import { type Question, workspaceOf } from "./question.ts";

/** What is set for an org and for places in it, while it is in force. */
export interface Placed<T> {
  readonly org: Timed<T> | null;
  readonly workspaces: ReadonlyMap<string, Timed<T>>;
  readonly environments: ReadonlyMap<string, Timed<T>>;
}

export interface Timed<T> {
  readonly decision: T;
  /** From this millisecond on. */
  readonly starts: number;
  /** Up to this millisecond, and no longer in it. */
  readonly until: number;
}

export interface SetSomewhere<T> extends Timed<T> {
  readonly name: string;
  readonly workspace: string | null;
  readonly environment: string | null;
}

/** The nearest one in force counts, exactly as it is: environment, then workspace, then org. */
export function overrideFor<T>(placed: Placed<T> | undefined, question: Question): T | null {
  if (!placed) return null;
  const { environment, now } = question;
  const workspace = workspaceOf(question);
  const inEnvironment = environment === null ? undefined : placed.environments.get(environment);
  if (inEnvironment && isInForce(inEnvironment, now)) return inEnvironment.decision;
  const inWorkspace = workspace === null ? undefined : placed.workspaces.get(workspace);
  if (inWorkspace && isInForce(inWorkspace, now)) return inWorkspace.decision;
  return placed.org && isInForce(placed.org, now) ? placed.org.decision : null;
}

export function isInForce({ starts, until }: Timed<unknown>, now: number): boolean {
  return starts <= now && now < until;
}

/** Gathers by name what is set in one org. */
export function placedByName<T>(all: readonly SetSomewhere<T>[]): ReadonlyMap<string, Placed<T>> {
  if (all.length === 0) return noEntries;
  const placed = new Map<string, Placing<T>>();
  for (const { name, workspace, environment, decision, starts, until } of all) {
    const here = placed.get(name) ?? { org: null, workspaces: noEntries, environments: noEntries };
    placed.set(name, here);
    const timed = { decision, starts, until };
    if (environment !== null) here.environments = withEntry(here.environments, environment, timed);
    else if (workspace !== null) here.workspaces = withEntry(here.workspaces, workspace, timed);
    else here.org = timed;
  }
  return placed;
}

type Placing<T> = { -readonly [F in keyof Placed<T>]: Placed<T>[F] };

/** The shared empty Map stays empty. */
function withEntry<T>(places: ReadonlyMap<string, T>, place: string, value: T): ReadonlyMap<string, T> {
  return new Map([...places, [place, value]]);
}
