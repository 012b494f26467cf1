import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { limits } from "../../src/manifest/limits.ts";
import { parseDocument } from "../../src/manifest/parse-document.ts";

const parse = (text: string) => parseDocument({ path: "tenants/orgs/acme.yaml", text });
const codesOf = (text: string) => parse(text).diagnostics.map(({ code }) => code);
const markedIn = (text: string) =>
  parse(text).diagnostics.map(({ at }) => at && text.slice(at.start, at.end));

describe("values are what was written", () => {
  it.each([
    ["true", true],
    ["false", false],
    ["0", 0],
    ["-7", -7],
    ["420", 420],
    ["0.25", 0.25],
    ["9007199254740991", Number.MAX_SAFE_INTEGER],
    ["9007199254740992", "9007199254740992"],
    ["1.10", "1.10"],
    ["-0", "-0"],
    ["0123", "0123"],
    ["+1", "+1"],
    ["10_000", "10_000"],
    ["123e4", "123e4"],
    ["1e-7", "1e-7"],
    ["NaN", "NaN"],
    ["Infinity", "Infinity"],
    ["-Infinity", "-Infinity"],
    ["2024-03-01", "2024-03-01"],
    ["12:30:45", "12:30:45"],
    ["0b11", "0b11"],
    ["yes", "yes"],
    ["no", "no"],
    ["True", "True"],
    ["nullable", "nullable"],
    ["10_000/month", "10_000/month"],
    ["25%", "25%"],
    ['"420"', "420"],
    ["'true'", "true"],
    ['"null"', "null"],
    ['""', ""],
    ['"#0b5fff"', "#0b5fff"],
    ['"\\u00e9\\n"', "é\n"],
    ["|\n  one\n  two\n", "one\ntwo\n"],
    [">-\n  one\n  two\n", "one two"],
    ["one\n  two", "one two"],
    ["text # comment", "text"],
    ["{}", {}],
    ["[]", []],
    ["[org:read, 1, true]", ["org:read", 1, true]],
    ["{ 1: a, true: b, 1.0: c }", { "1": "a", true: "b", "1.0": "c" }],
    ["[a: 1]", [{ a: 1 }]],
    ["{ constructor: 1, toString: 2 }", { constructor: 1, toString: 2 }],
  ])("%s", (written, value) => {
    const { value: read, diagnostics } = parse(`key: ${written}\n`);
    expect(diagnostics).toEqual([]);
    expect(read).toEqual({ key: value });
  });

  it("takes a byte order mark and Windows line ends", () => {
    expect(parse("\ufefforg: acme\r\nname: Acme\r\n")).toMatchObject({
      value: { org: "acme", name: "Acme" },
      diagnostics: [],
    });
  });

  it.each([
    ["a: [1]", [1]],
    ["a: { b: [1] }", { b: [1] }],
    ['a: "x"', "x"],
    ["a: 'it''s'", "it's"],
    ["a: [1] # c", [1]],
    ["a: x", "x"],
  ])("takes a file without a last line end: %s", (text, value) => {
    expect(parse(text)).toMatchObject({ value: { a: value }, diagnostics: [] });
  });

  it("takes one document between markers", () => {
    expect(parse("---\norg: acme\n...\n")).toMatchObject({ value: { org: "acme" }, diagnostics: [] });
  });

  it("keeps the first of two, and puts null where something was reported", () => {
    expect(parse("a: 1\nb:\na: 2\nc: ~\nd: [0x1, 2]\n").value).toEqual({
      a: 1,
      b: null,
      c: null,
      d: [null, 2],
    });
  });

  it("never gives an object another prototype", () => {
    const { value, diagnostics } = parse('a: { __proto__: { admin: true }, "__proto__": 1, b: 2 }\n');
    expect(diagnostics.map(({ code }) => code)).toEqual(["bad-key", "bad-key"]);
    expect(value).toEqual({ a: { b: 2 } });
    expect((value as { a: { admin?: boolean } }).a.admin).toBeUndefined();
  });
});

describe("places are exact", () => {
  it.each([
    ["a: &x 1\n", ["&x"]],
    ["a: *x\n", ["*x"]],
    ["a: !x y\n", ["!x"]],
    ["%YAML 1.1\n---\na: 1\n", ["%YAML 1.1"]],
    ["a: 1\n---\nb: 2\n", ["---"]],
    ["b: 1\n'b' : 2\n", ["'b'"]],
    ["a: null  # c\n", ["null"]],
    ["a: # nothing\nb: 1\n", ["a"]],
    ["a: #fff # white\n", ["#fff"]],
    ["{ a: #fff, b: 1 }\n", ["#fff"]],
    ["a: [1, 2\nb: 3\n", ["["]],
    ['a: 1\nb: "c\n', ['"']],
  ])("%j", (text, marked) => {
    expect(markedIn(text)).toEqual(marked);
  });

  it("a duplicate says where the first stands", () => {
    const text = "a: 1\nb: 2\na: 3\na: 4\n";
    const { diagnostics } = parse(text);
    expect(diagnostics.map(({ at }) => at?.start)).toEqual([10, 15]);
    expect(diagnostics.map(({ notes }) => notes.map(({ at }) => at?.start))).toEqual([[0], [0]]);
  });
});

describe("what is not an error", () => {
  it.each([
    ["comments with colours in them", "# a: #fff\na: 1 # {#fff}\n# #abc, d\n"],
    ["keys of one name in different maps", "a: { x: 1 }\nb: { x: 1 }\n"],
    ["features in text", "a: 'x *y &z !t'\nb: x *y &z !t\nc: |\n  *a\n  &b\n  %YAML\n  ---\n"],
    ["text in any script", "名前: 東京\nemoji: 👍\n"],
  ])("%s", (_, text) => {
    expect(codesOf(text)).toEqual([]);
  });
});

describe("limits hold without reading it all", () => {
  it.each(["[", "{a: ", "- ", "? ", ": "])("100,000 times %j", (open) => {
    const start = performance.now();
    expect(codesOf(open.repeat(100_000))[0]).toMatch(/^(?:too-large|not-yaml)$/);
    expect(performance.now() - start).toBeLessThan(5_000);
  });

  it(`${limits.depth} levels are enough, one more is not`, () => {
    const nested = (depth: number) => `${"{ a: ".repeat(depth)}1${" }".repeat(depth)}\n`;
    expect(codesOf(nested(limits.depth))).toEqual([]);
    expect(codesOf(nested(limits.depth + 1))).toEqual(["too-large"]);
  });

  it("a million documents", () => {
    expect(codesOf("---\n".repeat(1_000_000))).toEqual(["several-documents", "empty-file"]);
  });

  it("bytes are counted, not characters", () => {
    expect(codesOf(`a: "${"é".repeat(limits.bytes / 2)}"`)).toEqual(["too-large"]);
  });

  it("one map of 16,000 keys is read in linear time", () => {
    const keys = (count: number) =>
      Array.from({ length: count }, (_, index) => `member-${index}: a\n`).join("");
    parse(keys(1_000));
    const start = performance.now();
    expect(codesOf(keys(16_000) + keys(16_000))).toHaveLength(16_000);
    expect(performance.now() - start).toBeLessThan(20_000);
  });
});

describe("no text makes it throw", () => {
  const holds = (text: string) => {
    const { value, diagnostics } = parse(text);
    if (value === undefined) expect(diagnostics).not.toEqual([]);
    for (const { at } of diagnostics) {
      expect(at && at.start >= 0 && at.end >= at.start && at.end <= text.length).toBe(true);
    }
  };

  it("any text", () => {
    fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 200 }), holds), { numRuns: 1_000 });
  });

  it("anything made of YAML's own signs", () => {
    const sign = fc.constantFrom(
      ..."{}[],:?-#&*!|>'\"%@`~<= \n\t\r\\0ax".split(""),
      ...[
        "\n  ",
        "- ",
        ": ",
        "---\n",
        "...\n",
        "<<",
        "null",
        "0x1",
        "#fff",
        "\ufeff",
        "\u0000",
        "\ud800",
        "\x1f",
        "\x18",
      ],
    );
    fc.assert(
      fc.property(
        fc.array(sign, { maxLength: 60 }).map((signs) => signs.join("")),
        holds,
      ),
      { numRuns: 5_000 },
    );
  });

  it("a manifest with something changed", () => {
    const manifest = [
      "apiVersion: tenantry/v1",
      "org: acme",
      "members:",
      "  ana@acme.example: owner",
      "  bo@acme.example: [admin, auditor]  # two",
      'banner: { message: "Sunday", dismissible: true }',
      "teams:\n  - name: x\n    of: |\n      text\n",
    ].join("\n");
    const edit = fc.tuple(fc.nat(manifest.length), fc.nat(4), fc.string({ unit: "binary", maxLength: 3 }));
    const property = fc.property(fc.array(edit, { maxLength: 4 }), (edits) => {
      holds(edits.reduce((text, [at, cut, put]) => text.slice(0, at) + put + text.slice(at + cut), manifest));
    });
    fc.assert(property, { numRuns: 2_000 });
  });
});
