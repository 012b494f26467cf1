import { compileCatalog } from "../decision/compile-catalog.ts";
import { runCatalogTest } from "../decision/run-catalog-tests.ts";
import type { ReadManifests } from "../manifest/read-manifests.ts";
import type { DesiredState } from "../model/state.ts";
import { orPassOnce } from "../plan/pass-once.ts";
import type { Finding } from "../plan/plan.ts";
import { failureText } from "./failure-text.ts";

/** The catalog's tests that fail and are let pass by name, `failing-test:<name>`: so that the plan still tells of them. */
export function failingTests(
  desired: DesiredState,
  manifests: Pick<ReadManifests, "tests">,
  allow: ReadonlySet<string>,
): Finding[] {
  const named = manifests.tests.filter(({ test }) => allow.has(`failing-test:${test.name}`));
  if (named.length === 0) return [];
  const catalog = compileCatalog(desired.catalog.resources);
  return named.flatMap(({ test, entry }): Finding[] => {
    const failures = runCatalogTest(catalog, test);
    if (failures.length === 0) return [];
    return [
      {
        code: "failing-test",
        subject: test.name,
        message: `It ${failures.map(failureText).join(" It ")}`,
        help: orPassOnce("Mend the catalog, or what the test expects", "failing-test", test.name),
        canPass: true,
        at: { org: null, path: entry.path },
      },
    ];
  });
}
