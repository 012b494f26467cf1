import type { CatalogTest } from "../model/catalog-test.ts";
import { parseEntitlement } from "../model/quantity.ts";
import { sameValue, type Value } from "../model/value.ts";
import { decideEntitlement } from "./decide-entitlement.ts";
import { decideFlag } from "./decide-flag.ts";
import { decidePermission } from "./decide-permission.ts";
import type { Question } from "./question.ts";
import type { Reason } from "./reason.ts";
import type { CatalogSnapshot } from "./snapshot.ts";
import { testedQuestion } from "./tested-question.ts";

/** An expectation that does not hold, or a test that cannot be run. */
export interface TestFailure {
  readonly test: string;
  /** Where in the test: a key of `expect`, or `org.plan` and the like for what it names wrongly. */
  readonly expectation: string;
  readonly expected: Value;
  readonly actual: Value;
  readonly reason: Reason | null;
  readonly decidedBy: string | null;
  /** What to do about it, where the values alone do not say. */
  readonly detail: string | null;
}

/** Runs the catalog's tests in order; no failures: all of them hold. */
export function runCatalogTests(
  catalog: CatalogSnapshot,
  tests: readonly CatalogTest[],
): readonly TestFailure[] {
  return tests.flatMap((test) => runCatalogTest(catalog, test));
}

export function runCatalogTest(catalog: CatalogSnapshot, test: CatalogTest): readonly TestFailure[] {
  const { question, faults } = testedQuestion(catalog, test);
  if (faults.length > 0) {
    return faults.map(({ at, value, detail }) => ({
      test: test.name,
      expectation: at,
      expected: value,
      actual: null,
      reason: null,
      decidedBy: null,
      detail,
    }));
  }
  return Object.entries(test.expect).flatMap(([expectation, expected]) => {
    const outcome = outcomeOf(question, { expectation, expected });
    return outcome.isMet ? [] : [{ test: test.name, expectation, ...outcome.failure }];
  });
}

interface Expected {
  readonly expectation: string;
  readonly expected: Value;
}

interface Outcome {
  readonly isMet: boolean;
  readonly failure: Omit<TestFailure, "test" | "expectation">;
}

function outcomeOf(question: Question, { expectation, expected }: Expected): Outcome {
  const dot = expectation.indexOf(".");
  const name = expectation.slice(dot + 1);
  switch (expectation.slice(0, dot)) {
    case "flags":
      return flagOutcome(question, name, expected);
    case "entitlements":
      return entitlementOutcome(question, name, expected);
    case "permissions":
      return permissionOutcome(question, name, expected);
    default:
      return {
        isMet: false,
        failure: {
          expected,
          actual: null,
          reason: null,
          decidedBy: null,
          detail: "expect flags.<name>, entitlements.<name> or permissions.<type>:<action>",
        },
      };
  }
}

function flagOutcome(question: Question, name: string, expected: Value): Outcome {
  const { value, variant, reason, decidedBy, undetermined } = decideFlag(question, name);
  const actual = variant ?? value;
  // Even where the value is the expected one: with an id and a salt it might be another.
  const isUndetermined = undetermined?.lacks === "bucket";
  return {
    isMet: !isUndetermined && reason !== "unknown-flag" && sameValue(actual, expected),
    failure: isUndetermined
      ? {
          expected,
          actual,
          reason: "undetermined",
          decidedBy: undetermined.rule,
          detail: missingBucket(question, name),
        }
      : { expected, actual, reason, decidedBy, detail: null },
  };
}

function missingBucket({ org }: Question, flag: string): string {
  const lacks = [
    ...(org.id === null ? ["org.id"] : []),
    ...(org.catalog.flags.get(flag)?.salt === null ? ["the flag's salt"] : []),
  ];
  return `undetermined: declare ${lacks.length > 0 ? lacks.join(" and ") : "member.id"}`;
}

/** What is expected may be written as in a plan: `10_000/month`. */
function entitlementOutcome(question: Question, name: string, expected: Value): Outcome {
  const { value, reason, decidedBy } = decideEntitlement(question, name);
  const feature = question.org.catalog.features.get(name);
  const wanted =
    feature && typeof expected === "string" ? (parseEntitlement(feature, expected) ?? expected) : expected;
  return {
    isMet: feature !== undefined && sameValue(value, wanted),
    failure: { expected: wanted, actual: value, reason, decidedBy, detail: null },
  };
}

/** A resource that names no type is of the type that the permission is about. */
function permissionOutcome(question: Question, name: string, expected: Value): Outcome {
  const { resource } = question;
  const type = resource?.type || name.slice(0, name.indexOf(":"));
  const { isAllowed, reason, decidedBy } = decidePermission(
    { ...question, resource: resource && { ...resource, type } },
    name,
  );
  return {
    isMet: reason !== "unknown-permission" && isAllowed === expected,
    failure: { expected, actual: isAllowed, reason, decidedBy, detail: null },
  };
}
