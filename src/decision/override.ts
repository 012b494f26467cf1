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

function isInForce({ starts, until }: Timed<unknown>, now: number): boolean {
  return starts <= now && now < until;
}

/** Gathers by name what is set in one org. */
export function placedByName<T>(all: Iterable<SetSomewhere<T>>): ReadonlyMap<string, Placed<T>> {
  const placed = new Map<
    string,
    { org: Timed<T> | null; workspaces: Map<string, Timed<T>>; environments: Map<string, Timed<T>> }
  >();
  for (const { name, workspace, environment, ...timed } of all) {
    const here = placed.get(name) ?? { org: null, workspaces: new Map(), environments: new Map() };
    placed.set(name, here);
    if (environment !== null) here.environments.set(environment, timed);
    else if (workspace !== null) here.workspaces.set(workspace, timed);
    else here.org = timed;
  }
  return placed;
}
