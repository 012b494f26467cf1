import type { Diagnostic } from "./diagnostic.ts";

/** In the order in which people read them: by file, place and code. What would be printed twice is kept once. */
export function sortDiagnostics(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const sorted = [...diagnostics].sort(
    (a, b) =>
      compare(a.at?.file.path ?? "", b.at?.file.path ?? "") ||
      compare(a.at?.start ?? -1, b.at?.start ?? -1) ||
      compare(a.code, b.code),
  );
  const seen = new Set<string>();
  return sorted.filter((diagnostic) => {
    const { code, at, detail } = diagnostic;
    const text = JSON.stringify([code, at?.file.path, at?.start, detail]);
    return !seen.has(text) && seen.add(text);
  });
}

function compare<T extends string | number>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
