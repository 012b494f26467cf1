import { randomUUID } from "node:crypto";
import { beforeEach, expect, it } from "vitest";
import type { Database } from "../../src/database/connect.ts";
import { readActual } from "../../src/database/read-actual.ts";
import { verifyPlan } from "../../src/database/verify-plan.ts";
import type { DesiredState } from "../../src/model/state.ts";
import { eachEngine } from "../engines.ts";
import { acme, apply, catalog, estate, globex, planFor, whole } from "./whole-estate.ts";

eachEngine("verifying a plan", (open) => {
  let database: Database;
  beforeEach(async () => {
    database = await open();
    await apply(database, whole);
  });

  async function verify(desired: DesiredState) {
    const before = await readActual(database);
    const made = await planFor(database, desired);
    const path = ["here"];
    const scopes = made.scopes.map((scope) => ({
      ...scope,
      changes: scope.changes.map((change) => ({ ...change, path })),
    }));
    const refused = await verifyPlan(
      database,
      { ...made, scopes },
      { applyId: randomUUID(), actor: "tester" },
    );
    expect(await readActual(database)).toEqual(before);
    return refused;
  }

  it("runs all of it and takes it back", async () => {
    expect(await verify(estate(catalog, { acme: { ...acme, banner: [] }, globex }))).toBeNull();
  });

  it.each([
    [
      "a rule",
      {
        webhook: [{ name: "s3cret".repeat(60), url: "x" }],
        org: [{ slug: "acme", industry: "s3cret".repeat(30) }],
      },
      "acme",
    ],
    [
      "a name that is taken",
      { member: [...(acme.member ?? []), { key: "s3cret@acme.example", email: "ANA@acme.example" }] },
      "acme/member/s3cret@acme.example",
    ],
  ])("names the change that breaks %s, and no value of it", async (_, more, address) => {
    const refused = await verify(estate(catalog, { acme: { ...acme, ...more }, globex }));
    expect(refused).toMatchObject({ code: "change-refused", address, at: { org: "acme", path: ["here"] } });
    expect(refused?.message.replace(address, "")).not.toContain("s3cret");
  });
});
