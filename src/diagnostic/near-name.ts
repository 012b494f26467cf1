import { distance } from "fastest-levenshtein";

/** So that a suggestion stays cheap beside thousands of members: longer names and further candidates are not compared. */
const longestName = 80;
const mostCandidates = 2_000;

/**
 * The candidate that somebody who wrote `name` most likely meant, or undefined where none is near:
 * the same but for case, or a slip or two in typing. Of equally near ones, the first by code unit.
 */
export function nearName(name: string, candidates: Iterable<string>): string | undefined {
  if (name === "" || name.length > longestName) return undefined;
  const parts = partsOf(name);
  let near: string | undefined;
  let nearest = Number.POSITIVE_INFINITY;
  let compared = 0;
  for (const candidate of candidates) {
    if (candidate === name || Math.abs(candidate.length - name.length) > mostSlips) continue;
    if (++compared > mostCandidates) break;
    const [written, meant] = differingPart(name, parts, candidate);
    const slips = slipsBetween(written.toLowerCase(), meant.toLowerCase());
    // a name that is wrong in every character is another name
    if (slips > slipsAllowed(written) || slips >= written.length) continue;
    if (slips < nearest || (slips === nearest && near !== undefined && candidate < near)) {
      nearest = slips;
      near = candidate;
    }
  }
  return near;
}

const mostSlips = 3;

function slipsAllowed({ length }: string): number {
  return length <= 3 ? 1 : length <= 8 ? 2 : mostSlips;
}

const partsOf = (name: string) => name.split(/[@./:]/);

/** Where two names of several parts differ in one of them, that part: `bo@acme.example` is not nearly `al@acme.example`. */
function differingPart(name: string, parts: readonly string[], candidate: string): [string, string] {
  if (parts.length === 1) return [name, candidate];
  const others = partsOf(candidate);
  const differing = parts.flatMap((part, index) => (part === others[index] ? [] : [index]));
  const [at] = differing;
  return others.length === parts.length && differing.length === 1 && at !== undefined
    ? [parts[at] as string, others[at] as string]
    : [name, candidate];
}

/** Two neighbours in the wrong order are one slip. */
function slipsBetween(a: string, b: string): number {
  const edits = distance(a, b);
  if (edits !== 2 || a.length !== b.length) return edits;
  const at = [...a].findIndex((_, index) => a[index] !== b[index]);
  return a[at] === b[at + 1] && a[at + 1] === b[at] ? 1 : edits;
}
