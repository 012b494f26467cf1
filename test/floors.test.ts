import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { expect, test } from "vitest";

/** Which rooms of src stand on which floor: a room imports from itself and from lower floors, never sideways. */
const floors = {
  diagnostic: 0,
  model: 0,
  manifest: 1,
  plan: 1,
  decision: 1,
  database: 2,
  view: 2,
  reconcile: 3,
  identity: 3,
  runtime: 3,
  server: 4,
  client: 4,
  command: 5,
  openfeature: 5,
  middleware: 5,
  embedded: 6,
  "cli.ts": 6,
} as const;

type Room = keyof typeof floors;

/** Rooms without a clock, an environment or randomness: what they need of these is passed in. */
const pure = ["model", "plan", "decision", "view"];

const source = join(import.meta.dirname, "..", "src");
const files = readSources();

test("every room stands on a floor", () => {
  const rooms = new Set(files.map(({ room }) => room));
  expect([...rooms].filter((room) => !(room in floors))).toEqual([]);
});

test("a room imports from itself and from lower floors only", () => {
  const offences = files.flatMap(({ path, room, imports }) =>
    imports
      .filter((target) => target !== room && floors[target as Room] >= floors[room as Room])
      .map((target) => `${path} imports ${target}`),
  );
  expect(offences).toEqual([]);
});

test("what connects a client to something else knows nothing that stands behind it", () => {
  const known = ["client", "decision"];
  const offences = files
    .filter(({ room }) => room === "openfeature" || room === "middleware")
    .flatMap(({ path, room, imports }) =>
      imports
        .filter((target) => target !== room && !known.includes(target))
        .map((target) => `${path} imports ${target}`),
    );
  expect(offences).toEqual([]);
});

test("only the rim does input and output", () => {
  // To hash is no output, and who wants randomness is caught below.
  const allowed =
    /^(manifest\/(?:discover(?:-estates)?|read-up-to)\.ts$|database\/|reconcile\/|identity\/|runtime\/|server\/|client\/|command\/|cli\.ts$)/;
  const offences = files.filter(
    ({ path, text }) => !allowed.test(path) && /from "node:(?!buffer"|crypto")/.test(text),
  );
  expect(offences.map(({ path }) => path)).toEqual([]);
});

test("pure rooms have no clock, no environment and no randomness", () => {
  const impure = /\bDate\.now\(|\bnew Date\(\)|\bprocess\.|\bMath\.random\(|\bcrypto\b|\bperformance\.now/;
  const offences = files.filter(
    ({ room, text }) => pure.includes(room) && impure.test(withoutComments(text)),
  );
  expect(offences.map(({ path }) => path)).toEqual([]);
});

test("only the command line sets the exit code", () => {
  const offences = files.filter(
    ({ path, text }) => path !== "cli.ts" && /process\.exit/.test(withoutComments(text)),
  );
  expect(offences.map(({ path }) => path)).toEqual([]);
});

test("a file holds one idea: none passes 300 lines", () => {
  const long = files.filter(({ text }) => text.split("\n").length > 301);
  expect(long.map(({ path, text }) => `${path}: ${text.split("\n").length}`)).toEqual([]);
});

test("no room and no file has a name that says nothing", () => {
  const empty = /(^|\/)(utils?|helpers?|common|misc|manager|types|index)(\.ts|\/)/;
  expect(files.filter(({ path }) => empty.test(path)).map(({ path }) => path)).toEqual([]);
});

interface SourceText {
  readonly path: string;
  readonly room: string;
  readonly text: string;
  /** The rooms that it imports from. */
  readonly imports: readonly string[];
}

function readSources(): SourceText[] {
  const paths = readdirSync(source, { recursive: true, encoding: "utf8" }).filter((path) =>
    path.endsWith(".ts"),
  );
  return paths.map((path) => {
    const text = readFileSync(join(source, path), "utf8");
    const targets = [...text.matchAll(/(?:from|import)\s*\(?\s*"(\.[^"]+)"/g)].map(([, target]) =>
      relative(source, join(source, dirname(path), target as string)),
    );
    const roomOf = (file: string) => file.split(sep)[0] as string;
    return { path: path.split(sep).join("/"), room: roomOf(path), text, imports: targets.map(roomOf) };
  });
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/\/\/.*$/gm, "");
}
