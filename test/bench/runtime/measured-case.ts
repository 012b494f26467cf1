/** Answers the request of that index. */
export type Ask = (index: number) => boolean | Promise<boolean>;

/** Makes whatever answers; its time and memory are not counted. */
export type Prepare<Fixture> = (fixture: Fixture) => Ask | Promise<Ask>;

/** Something that is measured beside others, in a process of its own. */
export interface MeasuredCase {
  /** As the table calls it. */
  readonly name: string;
  /** One of this repository's own, by its name. */
  readonly own?: string;
  /** Another's: a module below `test/bench/peers` whose default export is a `Prepare`. */
  readonly peer?: string;
  /** For the process: what the peer needs to run at all. */
  readonly nodeOptions?: readonly string[];
}
