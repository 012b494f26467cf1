import type { SourceFile } from "../diagnostic/span.ts";

/** A file for what two say together: places are looked for in the upper one first. */
export function laidOver(above: SourceFile, below: SourceFile): SourceFile {
  return {
    path: above.path,
    get text() {
      return above.text;
    },
    overlay: above.overlay,
    over: below,
  };
}
