import type { AttributeTest, AttributeType, Condition, Operator } from "../model/condition.ts";
import { isList, type Value } from "../model/value.ts";
import { compareVersions, parseVersion, parseVersionRange } from "../model/version.ts";
import { instantOf } from "./instant.ts";

/** A condition's outcome: what asks about something missing is unknown, and so is its opposite. */
export type Truth = "true" | "false" | "unknown";

/** How an attribute is found. `type` null: it is compared as what its value happens to be. */
export interface Attribute<C> {
  readonly type: AttributeType | null;
  /** undefined or null: it is missing. */
  readonly read: (context: C) => Value | undefined;
}

/**
 * Makes a condition a function. Kleene's logic: `all` is false as soon as one part is, `any` true as soon
 * as one is, and otherwise one unknown part makes the whole unknown. Only `present` is never unknown.
 */
export function compileCondition<C>(
  condition: Condition,
  attributeOf: (name: string) => Attribute<C>,
): (context: C) => Truth {
  if ("attribute" in condition) return compileTest(condition, attributeOf(condition.attribute));
  if ("not" in condition) {
    const part = compileCondition(condition.not, attributeOf);
    return (context) => opposite(part(context));
  }
  const isAll = "all" in condition;
  const parts = (isAll ? condition.all : condition.any).map((part) => compileCondition(part, attributeOf));
  if (parts.length === 1 && parts[0]) return parts[0];
  return isAll ? joined(parts, "false", "true") : joined(parts, "true", "false");
}

function joined<C>(parts: readonly ((context: C) => Truth)[], decisive: Truth, otherwise: Truth) {
  return (context: C): Truth => {
    let outcome = otherwise;
    for (const part of parts) {
      const truth = part(context);
      if (truth === decisive) return decisive;
      if (truth === "unknown") outcome = "unknown";
    }
    return outcome;
  };
}

export function opposite(truth: Truth): Truth {
  return truth === "true" ? "false" : truth === "false" ? "true" : "unknown";
}

function compileTest<C>({ op, value }: AttributeTest, { type, read }: Attribute<C>): (context: C) => Truth {
  if (op === "present") {
    return (context) => truthOf(((read(context) ?? null) !== null) === (value !== false));
  }
  const holds = tests[op](value, type);
  return (context) => {
    const actual = read(context);
    return actual === undefined || actual === null ? "unknown" : holds(actual);
  };
}

/** Judges a value that is there. One of another type is as good as missing. */
type Judge = (actual: Value) => Truth;

const tests: {
  readonly [O in Exclude<Operator, "present">]: (value: Value, type: AttributeType | null) => Judge;
} = {
  in: isAnyOf,
  not_in: (value, type) => {
    const holds = isAnyOf(value, type);
    return (actual) => opposite(holds(actual));
  },
  above: (value, type) => isOrdered(value, type, (difference) => difference > 0),
  at_least: (value, type) => isOrdered(value, type, (difference) => difference >= 0),
  below: (value, type) => isOrdered(value, type, (difference) => difference < 0),
  at_most: (value, type) => isOrdered(value, type, (difference) => difference <= 0),
  before: (value) => isInTime(value, (actual, bound) => actual < bound),
  after: (value) => isInTime(value, (actual, bound) => actual > bound),
  starts_with: (value) => isText(value, (actual, part) => actual.startsWith(part)),
  ends_with: (value) => isText(value, (actual, part) => actual.endsWith(part)),
  contains: (value, type) => {
    const isPart = isText(value, (actual, part) => actual.includes(part));
    const isElement = isAnyOf(value, "list");
    return (actual) => (isList(actual) && type !== "text" ? isElement(actual) : isPart(actual));
  },
  semver: (value) => {
    const isWithin = typeof value === "string" ? parseVersionRange(value) : null;
    return (actual) => {
      const version = typeof actual === "string" ? parseVersion(actual) : null;
      return version && isWithin ? truthOf(isWithin(version)) : "unknown";
    };
  },
};

function isAnyOf(value: Value, type: AttributeType | null): Judge {
  const wanted = isList(value) ? value : [value];
  switch (type) {
    case "date":
      return isComparable(wanted.map(instantOf), (actual) => instantOf(actual));
    case "version":
      return (actual) => {
        const outcomes = wanted.map((each) =>
          isOrdered(each, "version", (difference) => difference === 0)(actual),
        );
        return outcomes.includes("true") ? "true" : outcomes.includes("unknown") ? "unknown" : "false";
      };
    case "number":
      return isComparable(wanted.map(numberOf), numberOf);
    case "list":
      return (actual) => (isList(actual) ? truthOf(actual.some((each) => wanted.includes(each))) : "unknown");
    case null:
      return (actual) =>
        truthOf(isList(actual) ? actual.some((each) => wanted.includes(each)) : wanted.includes(actual));
    default:
      return isOneOf(wanted, type === "switch" ? "boolean" : "string");
  }
}

function isOneOf(wanted: readonly Value[], expected: "boolean" | "string"): Judge {
  const [only] = wanted;
  if (wanted.length === 1)
    return (actual) => (typeof actual === expected ? truthOf(actual === only) : "unknown");
  const set = new Set(wanted);
  return (actual) => (typeof actual === expected ? truthOf(set.has(actual)) : "unknown");
}

function isComparable(wanted: readonly number[], measure: (actual: Value) => number): Judge {
  return (actual) => {
    const measured = measure(actual);
    return Number.isNaN(measured) ? "unknown" : truthOf(wanted.includes(measured));
  };
}

function isOrdered(value: Value, type: AttributeType | null, holds: (difference: number) => boolean): Judge {
  if (type === "version" || (type === null && typeof value === "string")) {
    const bound = typeof value === "string" ? parseVersion(value) : null;
    return (actual) => {
      const version = typeof actual === "string" ? parseVersion(actual) : null;
      return version && bound ? truthOf(holds(compareVersions(version, bound))) : "unknown";
    };
  }
  const bound = numberOf(value);
  return (actual) => {
    const number = numberOf(actual);
    if (Number.isNaN(number) || Number.isNaN(bound)) return "unknown";
    // Unlimited is as much as unlimited, where subtracting would give no number.
    return truthOf(holds(number === bound ? 0 : number - bound));
  };
}

function isInTime(value: Value, holds: (actual: number, bound: number) => boolean): Judge {
  const bound = instantOf(value);
  return (actual) => {
    const instant = instantOf(actual);
    return Number.isNaN(instant) || Number.isNaN(bound) ? "unknown" : truthOf(holds(instant, bound));
  };
}

function isText(value: Value, holds: (actual: string, part: string) => boolean): Judge {
  const parts = (isList(value) ? value : [value]).filter((part) => typeof part === "string");
  return (actual) =>
    typeof actual === "string" ? truthOf(parts.some((part) => holds(actual, part))) : "unknown";
}

function numberOf(value: Value): number {
  return value === "unlimited" ? Number.POSITIVE_INFINITY : typeof value === "number" ? value : Number.NaN;
}

function truthOf(holds: boolean): Truth {
  return holds ? "true" : "false";
}
