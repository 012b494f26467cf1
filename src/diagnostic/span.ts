/** A manifest as it was read: its path as shown to people (relative, with `/`), and its text. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
  /** The estate whose overlay it belongs to; common to all estates where nothing is said. */
  readonly overlay?: string | undefined;
  /** The file that it is laid over: what this one does not say, that one does. */
  readonly over?: SourceFile | undefined;
}

/** A stretch of a file, in UTF-16 code units: from `start` up to, not including, `end`. */
export interface Span {
  readonly file: SourceFile;
  readonly start: number;
  readonly end: number;
}
