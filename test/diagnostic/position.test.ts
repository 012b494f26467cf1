import { describe, expect, it } from "vitest";
import { lineSpan, placeText, positionOf } from "../../src/diagnostic/position.ts";

const file = (text: string) => ({ path: "tenants/orgs/acme.yaml", text });

describe("positionOf", () => {
  it("counts lines and columns from 1", () => {
    const acme = file("org: acme\nname: Acme\n");
    expect(positionOf(acme, 0)).toEqual({ line: 1, column: 1 });
    expect(positionOf(acme, 9)).toEqual({ line: 1, column: 10 });
    expect(positionOf(acme, 10)).toEqual({ line: 2, column: 1 });
    expect(positionOf(acme, 16)).toEqual({ line: 2, column: 7 });
    expect(positionOf(acme, 21)).toEqual({ line: 3, column: 1 });
  });

  it("counts columns in UTF-16 code units, as editors do", () => {
    expect(positionOf(file("name: 😀x"), 8)).toEqual({ line: 1, column: 9 });
  });

  it("takes what lies beyond the text for its end", () => {
    expect(positionOf(file("org"), 99)).toEqual({ line: 1, column: 4 });
    expect(positionOf(file("org"), -5)).toEqual({ line: 1, column: 1 });
    expect(positionOf(file(""), 0)).toEqual({ line: 1, column: 1 });
  });

  it("leaves a byte order mark out of the first line", () => {
    expect(positionOf(file("\ufefforg: acme"), 1)).toEqual({ line: 1, column: 1 });
  });
});

describe("lineSpan", () => {
  it("ends before what ends the line", () => {
    const acme = file("org: acme\r\nname: Acme");
    expect(lineSpan(acme, 1)).toEqual({ file: acme, start: 0, end: 9 });
    expect(lineSpan(acme, 2)).toEqual({ file: acme, start: 11, end: 21 });
  });
});

describe("placeText", () => {
  it("is what editors open", () => {
    expect(placeText({ file: file("org: acme\nname: Acme\n"), start: 16, end: 20 })).toBe(
      "tenants/orgs/acme.yaml:2:7",
    );
  });

  it("is the path alone where there is no text", () => {
    expect(placeText({ file: file(""), start: 0, end: 0 })).toBe("tenants/orgs/acme.yaml");
  });
});
