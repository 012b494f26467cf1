/** A manifest as it was read: its path as shown to people (relative, with `/`), and its text. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/** A stretch of a file, in UTF-16 code units: from `start` up to, not including, `end`. */
export interface Span {
  readonly file: SourceFile;
  readonly start: number;
  readonly end: number;
}
