import { expect, test } from "vitest";
import { attributeOf } from "../../src/decision/attribute.ts";
import { builtInAttributes } from "../../src/model/condition.ts";
import { ask, catalog, declare } from "./acme-cloud.ts";

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
