import { describe, expect, it } from "vitest";
import { codeFrame } from "../../src/diagnostic/code-frame.ts";

/** The frame of what stands between « and ». */
function frameOf(marked: string): string {
  const start = marked.indexOf("«");
  const end = marked.indexOf("»") - 1;
  const text = marked.replace(/[«»]/g, "");
  return codeFrame({ file: { path: "x.yaml", text }, start, end });
}

describe("codeFrame", () => {
  it("marks the place below its line", () => {
    expect(frameOf(`${"\n".repeat(25)}  bo@acme.example: [«amdin», auditor]\n`)).toBe(
      "   26 │   bo@acme.example: [amdin, auditor]\n" + "      │                     ^^^^^",
    );
  });

  it("marks the first line of several", () => {
    expect(frameOf("org: acme\n«members:\n  ana: owner»\n")).toBe("    2 │ members:\n      │ ^^^^^^^^");
  });

  it("marks one column where nothing was written", () => {
    expect(frameOf("name:«»")).toBe("    1 │ name:\n      │      ^");
    expect(frameOf("«»")).toBe("    1 │\n      │ ^");
  });

  it("keeps the carets below wide characters, combining marks and tabs", () => {
    expect(frameOf("名前: «東京»")).toBe("    1 │ 名前: 東京\n      │       ^^^^");
    expect(frameOf("e\u0301: «x»")).toBe("    1 │ e\u0301: x\n      │    ^");
    expect(frameOf("a:\t«x»")).toBe("    1 │ a:→x\n      │    ^");
  });

  it("lets no file steer the terminal or hide what it says", () => {
    const frame = frameOf("a: \u001b]0;owned\u0007\u009b31m\u202e\u200b«x»\r\n");
    expect(frame).toBe(`    1 │ a: ␛]0;owned␇<U+009B>31m<U+202E><U+200B>x\n      │ ${" ".repeat(40)}^`);
  });

  it("cuts a long line around the place", () => {
    const [line = "", carets = ""] = frameOf(`${"a".repeat(5_000)} «here» ${"b".repeat(5_000)}`).split("\n");
    expect(line).toMatch(/│ …a{39} here b+…$/);
    expect(line.length).toBeLessThan(130);
    expect(carets.indexOf("^")).toBe(line.indexOf("here"));
    expect(carets.match(/\^+/)?.[0]).toBe("^^^^");
  });

  it("never cuts a character in two", () => {
    for (const shift of ["", "x"]) {
      expect(frameOf(`${shift}${"😀".repeat(200)}«x»${"😀".repeat(200)}`)).not.toContain("U+D8");
    }
  });

  it("marks at most what is shown of a long place", () => {
    const [line = "", carets = ""] = frameOf(`key: «${"v".repeat(1_000_000)}»`).split("\n");
    expect(line.length).toBeLessThan(130);
    expect(carets.length).toBeLessThan(130);
  });
});
