import { expect, test } from "vitest";
import type { Origin } from "../../src/model/state.ts";
import type { Value } from "../../src/model/value.ts";
import { actualScope, declared, desiredScope, foreign, owned, planOf } from "./estate.ts";

const key = "ana@acme.example";
const bare = { key, email: null, name: null, type: "user", status: "active", attributes: {}, metadata: {} };

function findingsFor(
  found: { readonly origin: Origin; readonly fields: Record<string, Value> },
  says: Record<string, Value>,
  authoritative: ReadonlyMap<string, "unaccounted" | "all"> = new Map(),
) {
  const row = { ...foreign("member", "m1", { ...bare, ...found.fields }), origin: found.origin };
  return planOf({
    desired: {
      orgs: [
        desiredScope(
          "acme",
          [declared("org", "", { slug: "acme" }), declared("member", key, { key, ...says })],
          { authoritative },
        ),
      ],
    },
    actual: { orgs: [actualScope("acme", "o1", [owned("org", "o1", { slug: "acme" }), row])] },
  }).findings;
}

const joined = { origin: "join", fields: { name: "Ana B.", attributes: { department: "sales" } } } as const;
const says = { name: "Ana", attributes: { department: "design" } };

test("what joining, an invitation or the app made is not overwritten unseen", () => {
  expect(findingsFor(joined, says)).toEqual([
    {
      code: "owned-elsewhere",
      subject: "acme/member/ana@acme.example",
      message: "Joining made it, and its name, attributes would be overwritten.",
      help: "Leave these out of the manifest, or declare what is there; to let it pass once: --allow owned-elsewhere:acme/member/ana@acme.example",
      canPass: true,
      at: { org: "acme", path: ["member", key] },
    },
  ]);
  expect(findingsFor({ ...joined, origin: "api" }, { name: "Ana" })[0]?.message).toBe(
    "The app made it, and its name would be overwritten.",
  );
  expect(findingsFor({ ...joined, origin: "invitation" }, { name: "Ana" })[0]?.help).toBe(
    "Leave it out of the manifest, or declare what is there; to let it pass once: --allow owned-elsewhere:acme/member/ana@acme.example",
  );
});

test("taking a row over as it is, or filling what is empty, stops nothing", () => {
  expect(findingsFor({ origin: "join", fields: {} }, says)).toEqual([]);
  expect(findingsFor(joined, joined.fields)).toEqual([]);
});

test("nor does a row that somebody wrote by hand, or a section that judges everybody's", () => {
  expect(findingsFor({ ...joined, origin: "unknown" }, says)).toEqual([]);
  expect(findingsFor(joined, says, new Map([["members", "all"]]))).toEqual([]);
  expect(findingsFor(joined, says, new Map([["members", "unaccounted"]]))).toHaveLength(1);
});
