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
  const written = name.toLowerCase();
  const slips = name.length <= 3 ? 1 : name.length <= 8 ? 2 : 3;
  let near: string | undefined;
  let nearest = slips + 1;
  let compared = 0;
  for (const candidate of candidates) {
    if (candidate === name || Math.abs(candidate.length - name.length) > slips) continue;
    if (++compared > mostCandidates) break;
    const slip = distance(written, candidate.toLowerCase());
    // a name that is wrong in every character is another name
    if (slip >= name.length) continue;
    if (slip < nearest || (slip === nearest && near !== undefined && candidate < near)) {
      nearest = slip;
      near = candidate;
    }
  }
  return near;
}
