import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Finding, Plan, ScopePlan } from "../../src/plan/plan.ts";
import { planMarkdown } from "../../src/view/plan-markdown.ts";
import { anyAbout, anyPlaces, anyPlan, anyText } from "./any-plan.ts";
import { catalog, globex, places, provenance, reviewed } from "./reviewed-plan.ts";

const about = { estate: "estate production", provenance };
const impact =
  "What this decides\n  gains  billing:change   1,037 members in 412 orgs (1,020 directly, 17 by team)\n";
const markdown = (plan: Plan) => planMarkdown(plan, { ...places, about, impact });

test("a plan as a comment on its pull request", async () => {
  await expect(markdown(reviewed)).toMatchFileSnapshot("expected/plan.md");
});

/** What is read as Markdown: everything outside of fenced blocks, CommonMark 0.31 §4.5. */
function outsideOfFences(text: string): string[] {
  const outside: string[] = [];
  let fence: string | null = null;
  for (const line of text.split(/\r\n|\n|\r/)) {
    const opens = /^ {0,3}(`{3,})[^`]*$/.exec(line)?.[1] ?? /^ {0,3}(~{3,})/.exec(line)?.[1];
    if (fence === null && opens) fence = opens;
    else if (fence === null) outside.push(line);
    else if (new RegExp(`^ {0,3}${fence}${fence[0]}*\\s*$`).test(line)) fence = null;
  }
  expect(fence).toBeNull();
  return outside;
}

/** The lines that may stand outside; nothing of a user's is in them but in code. */
const known = [
  /^$/,
  /^<!-- tenantry plan: [\w .:/-]* -->$/,
  /^### tenantry plan: [a-zA-Z0-9,.· ]+$/,
  /^\{\}( · \{\})? · 2026-11-23 09:02Z$/,
  /^[a-z0-9,· ]+$/,
  /^\*\*Blocked: nothing can be applied\.\*\*$/,
  /^<details( open)?><summary><b>(catalog|<code>[^<>"'`]*<\/code>)<\/b> [a-zA-Z0-9, ]+<\/summary>$/,
  /^<\/details>$/,
  /^and [a-z0-9, ]+: run \{\}$/,
];

test("any plan fits, closes what it opens, and says nothing of a user's outside of code", () => {
  fc.assert(
    fc.property(
      anyPlan,
      anyPlaces,
      anyAbout,
      fc.option(fc.array(anyText).map((lines) => lines.map((line) => line.replace(/\s/g, " ")).join("\n"))),
      (plan, places, about, impact) => {
        const text = planMarkdown(plan, { ...places, about, impact });
        expect(text.length).toBeLessThan(65_536);
        expect(Buffer.byteLength(text)).toBeLessThan(65_536);
        const lines = outsideOfFences(text).map((line) =>
          line.replace(/(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)/g, "{}"),
        );
        for (const line of lines) expect(known.some((form) => form.test(line)) ? null : line).toBeNull();
        const open = lines.filter((line) => line.startsWith("<details"));
        expect(lines.filter((line) => line === "</details>")).toHaveLength(open.length);
      },
    ),
    { numRuns: 150 },
  );
}, 60_000);

describe("a plan of ten thousand orgs", () => {
  const orgs = Array.from({ length: 10_000 }, (_, index): ScopePlan => {
    const org = `org-${String(index).padStart(5, "0")}`;
    return { ...globex, org, orgId: `o${index}` };
  });
  const large: Plan = { ...reviewed, orgCount: 10_000, scopes: [catalog, ...orgs] };

  test("is as full as may be, and says what it left out", () => {
    const text = markdown(large);
    expect(Buffer.byteLength(text)).toBeGreaterThan(60_000);
    expect(Buffer.byteLength(text)).toBeLessThan(65_536);
    const shown = text.match(/<details/g)?.length ?? 0;
    const left = 10_001 - shown;
    expect(text).toContain(
      `and ${left.toLocaleString("en")} more orgs with ${left.toLocaleString("en")} changes: run \`tenantry plan\``,
    );
    expect(text.indexOf("BLOCKED over-limit")).toBeLessThan(text.indexOf("<details"));
    expect(text).toContain("gains  billing:change");
  });

  test("is laid out in well under a second", () => {
    const begun = performance.now();
    markdown(large);
    expect(performance.now() - begun).toBeLessThan(500);
  });

  test("an org that is too large is left out whole, and those after it are not", () => {
    const [first, ...others] = orgs as [ScopePlan, ...ScopePlan[]];
    const changes = Array.from({ length: 20_000 }, (_, index) => ({
      ...(globex.changes[0] as ScopePlan["changes"][number]),
      key: `platform-${index}`,
    }));
    const text = markdown({ ...large, scopes: [{ ...first, changes }, ...others.slice(0, 3)] });
    expect(text).not.toContain("org-00000");
    expect(text.match(/<details/g)).toHaveLength(3);
    expect(text).toContain("and 1 more org with 20,000 changes: run `tenantry plan`");
  });

  test("what blocks it is there before any detail, and what finds no room is counted", () => {
    const [finding] = reviewed.findings as [Finding];
    const findings = Array.from({ length: 5_000 }, (_, index) => ({ ...finding, subject: `org-${index}` }));
    const text = markdown({ ...large, findings });
    expect(Buffer.byteLength(text)).toBeLessThan(65_536);
    const shown = text.match(/^BLOCKED/gm)?.length ?? 0;
    expect(shown).toBeGreaterThan(50);
    expect(text).toContain(`and ${(5_000 - shown).toLocaleString("en")} more blocked: run \`tenantry plan\``);
    expect(text).toContain("gains  billing:change");
  });
});
