/** A version by Semantic Versioning 2.0.0; a missing minor or patch is 0, build metadata is left out. */
export interface Version {
  readonly numbers: readonly [major: number, minor: number, patch: number];
  readonly prerelease: readonly (number | string)[];
}

/** Reads `1.2.3-rc.1`, `v1.2.3`, `1.2` or `1`; null for anything else. */
export function parseVersion(text: string): Version | null {
  const match =
    /^v?(\d{1,15})(?:\.(\d{1,15}))?(?:\.(\d{1,15}))?(?:-([0-9A-Za-z.-]{1,100}))?(?:\+[0-9A-Za-z.-]{1,100})?$/.exec(
      text,
    );
  if (!match) return null;
  const prerelease = match[4]?.split(".").map((part) => (/^\d+$/.test(part) ? Number(part) : part)) ?? [];
  if (prerelease.includes("")) return null;
  return { numbers: [Number(match[1]), Number(match[2] ?? 0), Number(match[3] ?? 0)], prerelease };
}

/** Precedence by Semantic Versioning 2.0.0 §11: negative, zero or positive. */
export function compareVersions(a: Version, b: Version): number {
  for (const index of [0, 1, 2] as const) {
    const difference = a.numbers[index] - b.numbers[index];
    if (difference !== 0) return difference;
  }
  // A version comes after its own prereleases.
  if (a.prerelease.length === 0 || b.prerelease.length === 0)
    return b.prerelease.length - a.prerelease.length;
  return comparePrereleases(a.prerelease, b.prerelease);
}

export type VersionRange = (version: Version) => boolean;

/**
 * Reads a range: comparators that must all hold (`>=1.2.0 <2`), alternatives between them (`^1.2 || ^3`).
 * `^` stays below the next leftmost number that is not zero, `~` below the next minor, a bare `1.2` is any
 * 1.2; `*` is any version. In `>`, `>=`, `<` and `<=` a missing number is 0. null for anything else.
 */
export function parseVersionRange(text: string): VersionRange | null {
  const alternatives = text.split("||").map(parseAlternative);
  return alternatives.every((each) => each !== null)
    ? (version) => alternatives.some((holds) => holds(version))
    : null;
}

function parseAlternative(text: string): VersionRange | null {
  const comparators = text
    .replace(/([<>=^~]) +/g, "$1")
    .split(" ")
    .filter((word) => word !== "")
    .map(parseComparator);
  return comparators.length > 0 && comparators.every((each) => each !== null)
    ? (version) => comparators.every((holds) => holds(version))
    : null;
}

function parseComparator(text: string): VersionRange | null {
  if (text === "*") return () => true;
  const [, operator = "", written = ""] = /^(>=|<=|>|<|=|\^|~)?(.*)$/.exec(text) ?? [];
  const bound = parseVersion(written);
  if (!bound) return null;
  const from = (version: Version) => compareVersions(version, bound) >= 0;
  switch (operator) {
    case ">=":
      return from;
    case "<=":
      return (version) => compareVersions(version, bound) <= 0;
    case ">":
      return (version) => compareVersions(version, bound) > 0;
    case "<":
      return (version) => compareVersions(version, bound) < 0;
    default: {
      const raised = raisedNumber(operator, bound, written.split(/[-+]/)[0]?.split(".").length ?? 3);
      if (raised === null) return (version) => compareVersions(version, bound) === 0;
      const end = nextVersion(bound, raised);
      return (version) => from(version) && compareVersions(version, end) < 0;
    }
  }
}

/** Which number a range stays below the next of; null where it is one version alone. */
function raisedNumber(operator: string, bound: Version, written: number): 0 | 1 | 2 | null {
  const [major, minor] = bound.numbers;
  if (operator === "^") {
    if (major > 0 || written === 1) return 0;
    return minor > 0 || written === 2 ? 1 : 2;
  }
  if (written === 1) return 0;
  return operator === "~" || written === 2 ? 1 : null;
}

/** The first version above a range, before even the prereleases of the next. */
function nextVersion(bound: Version, raised: 0 | 1 | 2): Version {
  const [major, minor, patch] = bound.numbers;
  const numbers = [
    [major + 1, 0, 0],
    [major, minor + 1, 0],
    [major, minor, patch + 1],
  ] as const;
  return { numbers: numbers[raised], prerelease: [0] };
}

function comparePrereleases(a: readonly (number | string)[], b: readonly (number | string)[]): number {
  for (const [index, left] of a.entries()) {
    const right = b[index];
    if (right === undefined) return 1;
    if (left === right) continue;
    // Numbers come before words; numbers by size, words by code unit.
    if (typeof left !== typeof right) return typeof left === "number" ? -1 : 1;
    return left < right ? -1 : 1;
  }
  return a.length - b.length;
}
