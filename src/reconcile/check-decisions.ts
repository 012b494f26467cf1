import { compileCatalog } from "../decision/compile-catalog.ts";
import { runCatalogTest, type TestFailure } from "../decision/run-catalog-tests.ts";
import type { Diagnostic } from "../diagnostic/diagnostic.ts";
import type { PlacedNote } from "../manifest/place.ts";
import { reportTo } from "../manifest/place.ts";
import type { ReadManifests } from "../manifest/read-manifests.ts";
import type { PlacedTest } from "../manifest/resolve/tests.ts";
import type { DesiredState } from "../model/state.ts";
import { allowFlag } from "../plan/pass-once.ts";
import { checkLimits } from "./check-limits.ts";
import { type Declarations, declarationsOf } from "./declarations.ts";
import { failureText } from "./failure-text.ts";

/**
 * Decides what the manifests themselves say must come out: the catalog's tests, and that no org declares more
 * than its plan allows. Answers are those of the runtime, because the code is the same. A test that is let pass,
 * `failing-test:<name>`, is not reported; see `failingTests`.
 */
export function checkDecisions(
  desired: DesiredState,
  manifests: ReadManifests,
  now: string,
  allow: ReadonlySet<string> = new Set(),
): Diagnostic[] {
  const catalog = compileCatalog(desired.catalog.resources);
  const declarations = declarationsOf(desired, manifests);
  const diagnostics: Diagnostic[] = [];
  for (const placed of manifests.tests) {
    if (allow.has(`failing-test:${placed.test.name}`)) continue;
    for (const failure of runCatalogTest(catalog, placed.test)) {
      reportFailure(failure, placed, declarations, diagnostics);
    }
  }
  const report = reportTo(diagnostics);
  for (const org of desired.orgs) checkLimits(org, { catalog, manifests, declarations, now, report });
  return diagnostics;
}

function reportFailure(
  failure: TestFailure,
  { test, entry }: PlacedTest,
  declarations: Declarations,
  diagnostics: Diagnostic[],
): void {
  const { expectation, reason, decidedBy, detail } = failure;
  const isExpectation = Object.hasOwn(test.expect, expectation);
  const path = isExpectation
    ? [...entry.path, "expect", expectation]
    : [...entry.path, ...expectation.split(".")];
  const place = { file: entry.file, path, what: "value" } as const;
  const report = reportTo(diagnostics);
  if (reason === null) {
    report("bad-test", place, `"${test.name}": ${detail ?? "it cannot be run"}.`);
    return;
  }
  const decisive = decidedBy === null ? null : declarations.placeOf(decidedBy);
  const notes: PlacedNote[] = decisive ? [{ message: "decided", place: decisive }] : [];
  const flag = `For once, plan and apply let it pass by ${allowFlag("failing-test", test.name)}.`;
  report("failing-test", place, `"${test.name}" ${failureText(failure)} ${flag}`, notes);
}
