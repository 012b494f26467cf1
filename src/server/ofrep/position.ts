import type { EstateState } from "../../runtime/live-estate.ts";

/** Where in an estate's history somebody stands, by what they were told last. */
export interface Position {
  readonly epoch: string;
  readonly revision: number;
  /** See `EstateState`; null where it is not said. */
  readonly taken: string | null;
  /** Milliseconds since 1970; null where it is not said. */
  readonly at: number | null;
}

/**
 * A position as text that needs no encoding in a URL. The ids of events, their `etag`, and what the address of a stream
 * begins from are all made of it.
 */
export function positionText(
  { epoch, revision, taken }: Pick<EstateState, "epoch" | "revision" | "taken">,
  at?: number,
): string {
  const text = `${epoch}.${revision}.${taken}`;
  return at === undefined ? text : `${text}.${at}`;
}

const form = /^([\w-]{1,64})\.(\d{1,15})(?:\.([a-z\d]{1,32}-\d{1,15}))?(?:\.(\d{1,15}))?$/;

/** null: it is none of ours. */
export function readPosition(text: unknown): Position | null {
  const match = typeof text === "string" ? form.exec(text) : null;
  if (!match) return null;
  const [, epoch = "", revision, taken = null, at] = match;
  return { epoch, revision: Number(revision), taken, at: at === undefined ? null : Number(at) };
}
