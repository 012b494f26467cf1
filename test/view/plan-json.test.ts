import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { schemaText } from "../../src/command/schema.ts";
import { planJson } from "../../src/view/plan-json.ts";
import { anyAbout, anyPlaces, anyPlan } from "./any-plan.ts";
import { impact, places, provenance, reviewed } from "./reviewed-plan.ts";

const about = { estate: "estate production", provenance };
const isValid = new Ajv2020().compile(JSON.parse(schemaText("plan.schema.json")));

/** What is wrong with data, as it arrives in another program. */
function faultsOf(data: object): unknown {
  isValid(JSON.parse(JSON.stringify(data)));
  return isValid.errors ?? [];
}

test("the schema is what `tenantry schema --write schemas` writes", () => {
  expect(readFileSync("schemas/plan.schema.json", "utf8")).toBe(schemaText("plan.schema.json"));
});

test("a plan as data", async () => {
  const data = planJson(reviewed, { ...places, about, impact });
  expect(faultsOf(data)).toEqual([]);
  await expect(`${JSON.stringify(data, null, 2)}\n`).toMatchFileSnapshot("expected/plan.json");
});

test("any plan as data is as its schema says", () => {
  fc.assert(
    fc.property(anyPlan, anyPlaces, anyAbout, (plan, places, about) => {
      expect(faultsOf(planJson(plan, { ...places, about }))).toEqual([]);
    }),
    { numRuns: 60 },
  );
}, 60_000);

test("the schema refuses what is no plan", () => {
  const data = planJson(reviewed, { ...places, about });
  expect(faultsOf({ ...data, format: "tenantry/plan/v2" })).not.toEqual([]);
  expect(faultsOf({ ...data, findings: [{ code: "unheard-of" }] })).not.toEqual([]);
  expect(faultsOf({ ...data, impact: { format: "tenantry/impact/v1" } })).not.toEqual([]);
});
