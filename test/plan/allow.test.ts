import { expect, test } from "vitest";
import { letPass } from "../../src/plan/allow.ts";
import { noWayRound, orPassOnce } from "../../src/plan/pass-once.ts";
import type { Finding } from "../../src/plan/plan.ts";

const overLimit: Finding = {
  code: "over-limit",
  subject: "globex",
  message: "globex has 61 active members, team@2 allows 50",
  help: orPassOnce("Remove 11 members or give it seats: 61", "over-limit", "globex"),
  canPass: true,
  at: null,
};
const stillUsed: Finding = {
  code: "still-used",
  subject: "acme/team/release",
  message: "It would go away while somebody refers to it.",
  help: noWayRound("Keep it, or remove what refers to it first."),
  canPass: false,
  at: null,
};

test("a finding that is named passes, and is still told of", () => {
  expect(letPass([overLimit, stillUsed], ["over-limit:globex"])).toEqual({
    findings: [stillUsed],
    allowed: [overLimit],
    faults: [],
  });
});

test("what has no way round says so, and still stops", () => {
  const { findings, faults } = letPass([overLimit, stillUsed], ["still-used:acme/team/release"]);
  expect(findings).toEqual([overLimit, stillUsed]);
  expect(faults).toEqual([
    "--allow still-used:acme/team/release: nothing lets this pass. Keep it, or remove what refers to it first.",
  ]);
});

test("a name that stops nothing is a fault, and the names that do are told", () => {
  expect(letPass([overLimit, stillUsed], ["over-limit:globx"]).faults).toEqual([
    "--allow over-limit:globx: nothing of that name stops this plan. Did you mean over-limit:globex?",
  ]);
  expect(letPass([overLimit, stillUsed], ["max-removals:acme"]).faults).toEqual([
    "--allow max-removals:acme: nothing of that name stops this plan. What can be let pass is over-limit:globex.",
  ]);
  expect(letPass([stillUsed], ["everything"]).faults).toEqual([
    "--allow everything: nothing of that name stops this plan, nor anything else that can be let pass.",
  ]);
});

test("the flag in the help is one word to a shell, whatever the subject", () => {
  expect(orPassOnce("Mend it", "failing-test", "it's a trap")).toBe(
    "Mend it; to let it pass once: --allow 'failing-test:it'\\''s a trap'",
  );
});
