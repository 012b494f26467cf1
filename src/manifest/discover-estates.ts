import { isUtf8 } from "node:buffer";
import { readdirSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import type { DiagnosticCode } from "../diagnostic/codes.ts";
import { type Diagnostic, diagnostic } from "../diagnostic/diagnostic.ts";
import type { SourceFile } from "../diagnostic/span.ts";
import { byCodeUnit } from "../model/value.ts";
import { shownPath } from "./discover.ts";
import { limits } from "./limits.ts";
import { tooLargeHelp } from "./parse-document.ts";
import { readUpTo } from "./read-up-to.ts";

/** What a manifests' directory says of estates, before it is read. */
export interface DiscoveredEstates {
  /** `estate.yaml`; null where there is none. */
  readonly file: SourceFile | null;
  /** What stands in `overlays/`, sorted: each name, and its path as it is shown. */
  readonly overlays: readonly { readonly name: string; readonly path: string }[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Looks for `estate.yaml` and `overlays/` at the top of a directory. That there is no such directory is for others to say. */
export function discoverEstates(
  directory: string,
  { cwd = process.cwd() }: { readonly cwd?: string } = {},
): DiscoveredEstates {
  const root = resolve(cwd, directory);
  const names = namesIn(root).filter((name) => /^estate\.ya?ml$/i.test(name));
  const shown = (found: string) => shownPath(join(root, found), cwd);
  const overlays = namesIn(join(root, "overlays"))
    .filter((name) => !name.startsWith("."))
    .map((name) => ({ name, path: shown(join("overlays", name)) }));
  const [name, other] = names;
  if (name === undefined) return { file: null, overlays, diagnostics: [] };
  if (other !== undefined) {
    const detail = `Estates are declared in one file, and there is ${name} too. Keep one of the two.`;
    return { file: null, overlays, diagnostics: [problem("claimed-twice", shown(other), detail)] };
  }
  const read = readText(join(root, name));
  if ("text" in read) return { file: { path: shown(name), text: read.text }, overlays, diagnostics: [] };
  return { file: null, overlays, diagnostics: [problem(read.code, shown(name), read.detail)] };
}

/** What stands in a directory, sorted; nothing where it is none. */
function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory).sort(byCodeUnit);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return [];
    throw error;
  }
}

type Read = { readonly text: string } | { readonly code: DiagnosticCode; readonly detail: string };

function readText(path: string): Read {
  try {
    const bytes = readUpTo(path, limits.bytes);
    if (bytes === null) return { code: "too-large", detail: tooLargeHelp(statSync(path).size) };
    if (isUtf8(bytes)) return { text: bytes.toString("utf8") };
    return { code: "bad-text", detail: "The file is not UTF-8 text. Save it as UTF-8." };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return { code: "unreadable-file", detail: `It cannot be read: ${code ?? String(error)}.` };
  }
}

function problem(code: DiagnosticCode, path: string, detail: string): Diagnostic {
  return diagnostic(code, { file: { path, text: "" }, start: 0, end: 0 }, detail);
}
