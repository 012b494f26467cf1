import type { Diagnostic } from "../diagnostic/diagnostic.ts";

/** `estate.yaml` does not say which database to work on. */
export class FaultyEstates extends Error {
  readonly diagnostics: readonly Diagnostic[];
  constructor(diagnostics: readonly Diagnostic[]) {
    super("The estate is not known.");
    this.diagnostics = diagnostics;
  }
}
