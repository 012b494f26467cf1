import { describe, expect, it } from "vitest";
import { nearName } from "../../src/diagnostic/near-name.ts";

describe("nearName", () => {
  const roles = ["owner", "admin", "auditor", "member", "editor"];

  it.each([
    ["amdin", "admin"],
    ["Admin", "admin"],
    ["ownr", "owner"],
    ["auditer", "auditor"],
    ["members", "member"],
  ])("%s: did you mean %s?", (written, meant) => {
    expect(nearName(written, roles)).toBe(meant);
  });

  it.each(["", "x", "billing", "ab", "superadministrator", "a".repeat(10_000)])(
    "%s: nothing near",
    (written) => {
      expect(nearName(written, roles)).toBeUndefined();
    },
  );

  it.each([
    ["wbe", ["web"], "web"],
    ["odl", ["old", "new"], "old"],
    ["web/liev", ["web/live", "app/live"], "web/live"],
    ["org:raed", ["org:read", "org:update"], "org:read"],
    ["bo@acme.example", ["ana@acme.example"], undefined],
    ["team@2", ["team@1"], undefined],
  ])("%s of %j: %s", (written, names, meant) => {
    expect(nearName(written, names)).toBe(meant);
  });

  it("does not suggest another name of the same length", () => {
    expect(nearName("a", ["b"])).toBeUndefined();
    expect(nearName("eu", ["us", "uk"])).toBeUndefined();
  });

  it("does not depend on the order of equally near names", () => {
    expect(nearName("team", ["teal", "tear"])).toBe("teal");
    expect(nearName("team", ["tear", "teal"])).toBe("teal");
  });

  it("stays cheap beside many candidates", () => {
    const many = Array.from({ length: 200_000 }, (_, index) => `member-${index}`);
    const start = performance.now();
    for (let index = 0; index < 20; index++) nearName("member-x", many);
    expect(performance.now() - start).toBeLessThan(2_000);
  });
});
