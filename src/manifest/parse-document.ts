import { type Diagnostic, diagnostic } from "../diagnostic/diagnostic.ts";
import { lineSpan } from "../diagnostic/position.ts";
import type { SourceFile } from "../diagnostic/span.ts";
import type { Value } from "../model/value.ts";
import { limits } from "./limits.ts";
import { isMissing, readValue } from "./read-value.ts";
import { readYaml } from "./read-yaml.ts";
import { isReadable, yamlFaults } from "./yaml-faults.ts";

/** A file as the value that it holds, before anybody asks what kind of manifest it is. */
export interface Document {
  readonly file: SourceFile;
  /** Undefined where the file could not be read as YAML. A null within stands where something was reported. */
  readonly value: Value | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/** What YAML does not take as it is. Escapes can still bring it in, see `readValue`. */
const unstorable = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f\p{Cs}]/u;

/** Reads a file's YAML with all that can be said against it before its schema is known. Takes any text, and never throws. */
export function parseDocument(file: SourceFile): Document {
  const { text } = file;
  if (text.length > limits.bytes || Buffer.byteLength(text) > limits.bytes) {
    return failed(file, [
      diagnostic("too-large", { file, start: 0, end: 0 }, tooLargeHelp(Buffer.byteLength(text))),
    ]);
  }
  const diagnostics: Diagnostic[] = [];
  const bad = unstorable.exec(text);
  if (bad) {
    const detail =
      "A control character, or half of a surrogate pair, cannot stand in a manifest. Take it away.";
    diagnostics.push(diagnostic("bad-text", { file, start: bad.index, end: bad.index + 1 }, detail));
  }
  try {
    const yaml = readYaml(text);
    diagnostics.push(...yamlFaults(file, yaml));
    if (!isReadable(yaml)) return failed(file, diagnostics);
    if (yaml.contents === null || isMissing(yaml.contents)) {
      const detail = "Declare an org or a catalog here, or delete the file.";
      return failed(file, [...diagnostics, diagnostic("empty-file", lineSpan(file, 1), detail)]);
    }
    const value = readValue(file, yaml.contents, diagnostics);
    return { file, value, diagnostics };
  } catch (error) {
    // a fault of the YAML library, which a file brought out
    const reason = error instanceof Error ? error.message : String(error);
    return failed(file, [
      ...diagnostics,
      diagnostic("not-yaml", lineSpan(file, 1), `The file cannot be read: ${reason}`),
    ]);
  }
}

function failed(file: SourceFile, diagnostics: readonly Diagnostic[]): Document {
  return { file, value: undefined, diagnostics };
}

export function tooLargeHelp(bytes: number): string {
  const size = (bytes / 1024 / 1024).toFixed(1);
  return `The file has ${size} MiB; a manifest may have ${limits.bytes / 1024 / 1024}. Split it into several.`;
}
