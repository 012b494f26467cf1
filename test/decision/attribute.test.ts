import { expect, test } from "vitest";
import { attributeOf } from "../../src/decision/attribute.ts";
import { compileCatalog } from "../../src/decision/compile-catalog.ts";
import { builtInAttributes } from "../../src/model/condition.ts";
import type { Value } from "../../src/model/value.ts";
import { ask, catalog, catalogResources, declare } from "./acme-cloud.ts";

test("every built-in attribute can be read", () => {
  const question = ask(
    [
      declare("workspace", { slug: "web" }),
      declare("environment", { workspace: "web", slug: "live" }),
      declare("member", { key: "ana@acme.example", email: "ana@acme.example", user_id: "user_1" }),
    ],
    {
      member: "user_1",
      environment: "web/live",
      resource: { type: "document", id: "spec", attributes: null },
      subject: { type: "user" },
      action: { name: "read" },
      request: { mfa: false },
    },
  );
  const unread = [...builtInAttributes.keys()].filter(
    (name) => attributeOf(catalog, name, null).read(question) === undefined,
  );
  expect(unread).toEqual([]);
});

test("what a caller says counts where it is of the type that is declared, and is missing elsewhere", () => {
  const types = { amount: "number", when: "date", new: "switch", tags: "list", channel: "text" } as const;
  const declared = Object.entries(types).flatMap(([name, type]) =>
    ["request", "subject", "action", "document"].map((subject) =>
      declare("attribute", { subject, name, type }),
    ),
  );
  const vocabulary = compileCatalog([...catalogResources, ...declared]);
  const fitting = { amount: 100, when: "2026-01-01", new: true, tags: ["a"], channel: "web" };
  const wrong = [
    { amount: "unlimited", when: 0, new: "true", tags: "a", channel: 1 },
    { amount: JSON.parse("1e400"), when: 1767225599, new: 1, tags: { a: 1 }, channel: ["web"] },
    { amount: null, when: null, new: null, tags: null, channel: null },
  ];
  const read = (said: Record<string, Value>) =>
    ["request", "subject", "action", "resource"].map((of) =>
      Object.keys(types).map((name) => {
        const resource = { type: "document", id: null, attributes: said };
        const question = ask([], { request: said, subject: said, action: said, resource });
        return attributeOf(vocabulary, `${of}.${name}`, null).read(question) ?? null;
      }),
    );
  const each = (values: readonly Value[]) => Array(4).fill(values);
  expect(read(fitting)).toEqual(each(Object.values(fitting)));
  for (const said of wrong) expect(read(said)).toEqual(each(Array(5).fill(null)));
});
