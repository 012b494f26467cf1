import { describe, expect, it } from "vitest";
import { leaksOf } from "../../../src/database/doctor/server-version.ts";

describe("known leaks of a server's version", () => {
  it.each([
    [
      150002,
      [
        "CVE-2023-2455",
        "CVE-2023-39418",
        "CVE-2024-4317",
        "CVE-2024-10976",
        "CVE-2025-8713",
        "CVE-2026-120154",
      ],
    ],
    [150008, ["CVE-2024-10976", "CVE-2025-8713", "CVE-2026-120154"]],
    [150013, ["CVE-2025-8713", "CVE-2026-120154"]],
    [150014, ["CVE-2026-120154"]],
    [150020, []],
    [160004, ["CVE-2024-10976", "CVE-2025-8713", "CVE-2026-120154"]],
    [170000, ["CVE-2024-10976", "CVE-2025-8713", "CVE-2026-120154"]],
    [170012, []],
    [180006, ["CVE-2026-120154"]],
    [180007, []],
    [190000, []],
  ])("%i", (version, cves) => {
    expect(leaksOf(version).map(({ where }) => where)).toEqual(cves);
  });
});
