import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { schemaText } from "../../src/command/schema.ts";
import type { KeysAfter } from "../../src/plan/keys-after.ts";
import { planJson } from "../../src/view/plan-json.ts";
import { keysLines } from "../../src/view/plan-keys-text.ts";
import { planMarkdown } from "../../src/view/plan-markdown.ts";
import { planText } from "../../src/view/plan-text.ts";
import { places, provenance, reviewed } from "./reviewed-plan.ts";

const about = { estate: "estate production", provenance };
const keys: KeysAfter = {
  unminted: [{ org: "acme", name: "ci" }],
  ceasing: [{ org: "globex", name: "old" }],
  resuming: [{ org: "globex", name: "back" }],
};

const lines = [
  "Keys",
  "  globex/api_key/old   minted, and declared no more or over: ceases to work",
  "  globex/api_key/back  minted before, and declared again: works again",
  "  acme/api_key/ci      declared and not minted: tenantry keys create acme ci",
];

describe("keys in a plan", () => {
  it("stand in a short section of their own, in text and Markdown", () => {
    expect(keysLines(keys, 100)).toEqual(lines);
    const text = planText(reviewed, { ...places, about, keys, colour: false, width: 100 });
    expect(text).toContain(`\n\n${lines.join("\n")}\n\n`);
    expect(planMarkdown(reviewed, { ...places, about, keys })).toContain(
      `\`\`\`text\n${lines.join("\n")}\n\`\`\``,
    );
  });

  it("are told as data, as the schema says", () => {
    const data = planJson(reviewed, { ...places, about, keys });
    expect(data.keys?.unminted).toEqual([
      { org: "acme", name: "ci", command: "tenantry keys create acme ci" },
    ]);
    const isValid = new Ajv2020().compile(JSON.parse(schemaText("plan.schema.json")));
    isValid(JSON.parse(JSON.stringify(data)));
    expect(isValid.errors ?? []).toEqual([]);
  });

  it("are not spoken of where there is nothing to say", () => {
    const without = planText(reviewed, { ...places, about, colour: false, width: 100 });
    expect(planText(reviewed, { ...places, about, keys: null, colour: false, width: 100 })).toBe(without);
    expect(without).not.toMatch(/^Keys/m);
  });

  it("are named up to five, and counted beyond", () => {
    const many = Array.from({ length: 12 }, (_, at) => ({ org: "acme", name: `k${at}` }));
    const told = keysLines({ unminted: many, ceasing: [], resuming: [] }, 100);
    expect(told).toHaveLength(7);
    expect(told.at(-1)).toBe("  and 7 more declared and not minted: tenantry keys list");
  });
});
