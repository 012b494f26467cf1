import { expect, test } from "vitest";
import { findUndoneOrgs } from "../../src/plan/find-undone-orgs.ts";
import type { PlannedScope } from "../../src/plan/make-plan.ts";
import type { Delete } from "../../src/plan/plan.ts";

function undone(fields: Delete["before"]): PlannedScope {
  const gone: Delete = {
    action: "delete",
    kind: "org",
    id: "1",
    key: "",
    path: null,
    partOf: null,
    before: fields,
    drift: null,
  };
  return {
    org: "newco",
    orgId: "1",
    matched: { pairs: [], ids: new Map(), clashes: [] },
    changes: [gone],
  } as unknown as PlannedScope;
}

test("an org that goes because what made it is taken back stops the plan", () => {
  expect(findUndoneOrgs([undone({ status: "active", protected: false })])).toMatchObject([
    {
      code: "purge",
      subject: "newco",
      canPass: true,
      message: 'The org "newco" is active, and would go with all its 1 rows.',
      help: "End it by its manifest, with status: archived; to let it pass once: --allow purge:newco",
    },
  ]);
});

test("one that is protected stops it twice", () => {
  const findings = findUndoneOrgs([undone({ status: "active", protected: true })]);
  expect(findings.map(({ code }) => code)).toEqual(["purge", "protected"]);
});
