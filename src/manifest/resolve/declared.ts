import type { DiagnosticCode } from "../../diagnostic/codes.ts";
import { nearName } from "../../diagnostic/near-name.ts";
import type { Place, Placing, Report } from "../place.ts";

/** The names that may be referred to, and where each is declared. */
export interface Declared {
  /** True also for a name whose entry is in error, so that one mistake is told once. */
  readonly has: (name: string) => boolean;
  readonly names: () => Iterable<string>;
  readonly place: (name: string) => Place | null;
}

/** Takes down a name that is not declared, with the nearest one that is; says whether it is. */
export function isDeclared(
  reference: {
    readonly name: string;
    readonly place: Placing;
    readonly code: DiagnosticCode;
    readonly by: string | (() => string);
  },
  declared: Declared,
  report: Report,
): boolean {
  const { name, place, code, by } = reference;
  if (declared.has(name)) return true;
  const near = nearName(name, declared.names());
  const where = typeof by === "function" ? by() : by;
  const nearPlace = near === undefined ? null : declared.place(near);
  report(
    code,
    place,
    `"${name}" is not declared ${where}.${near === undefined ? listed(declared.names()) : ` Did you mean "${near}"?`}`,
    nearPlace ? [{ message: `"${near}" is declared`, place: nearPlace }] : [],
  );
  return false;
}

/** What there is, where that is little. */
export function listed(names: Iterable<string>): string {
  const some: string[] = [];
  for (const name of names) if (some.push(name) > 8) return "";
  if (some.length === 0) return " None is declared.";
  return ` There ${some.length === 1 ? "is" : "are"}: ${some.join(", ")}.`;
}

/** What one of two declares: an org's roles and the catalog's. */
export function either(first: Declared, second: Declared): Declared {
  return {
    has: (name) => first.has(name) || second.has(name),
    *names() {
      yield* first.names();
      yield* second.names();
    },
    place: (name) => (first.has(name) ? first.place(name) : second.place(name)),
  };
}
