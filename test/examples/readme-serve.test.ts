import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, inject, test, vi } from "vitest";
import { startServing } from "../command/serving-command.ts";
import { sampleDirectory, tenantry } from "../command.ts";
import { serverDatabase } from "../server-database.ts";
import { installed, runAsApp } from "./app-directory.ts";
import { argsOf, asCurl, settled, shownBlocks, shownCommands } from "./readme-blocks.ts";

// Processes take their time on a busy machine.
vi.setConfig({ testTimeout: 180_000 });

let directory: ReturnType<typeof sampleDirectory>;
let place: readonly string[];

beforeAll(async () => {
  directory = sampleDirectory();
  installed(directory.path);
  place = ["--database", await serverDatabase("readme_serve"), "--role-prefix", inject("engines").rolePrefix];
  // An end that has passed would be told.
  edit("expires: 2027-06-30", "expires: 2999-06-30");
});

afterAll(() => directory?.remove());

const asShown = (text: string) => settled(text).replace("2999-06-30", "2027-06-30");

test("what serve says, and what it answers, is what the README shows", async () => {
  const shown = shownCommands("Answer an app");
  const serve = shown.next();
  const serving = await startServing(directory.path, ...argsOf(serve).slice(1), ...place);
  edit("new_dashboard: true", "new_dashboard: false");
  await serving.says(/revision 2/);
  expect(settled(serving.out())).toBe(settled(serve.out));
  expect(serving.talk()).toBe("");

  const check = shown.next();
  expect(await asCurl(check, serving.port)).toBe(unbroken(check.out));
  const evaluation = shown.next();
  expect(`${await asCurl(evaluation, serving.port)}\n`).toBe(evaluation.out);
  expect(shown.left).toBe(0);

  const [app = ""] = shownBlocks("Answer an app", "js");
  const [, details = ""] = /^\/\/ (.*)$/m.exec(app) ?? [];
  const program = app
    .replace("http://127.0.0.1:4600/", `http://127.0.0.1:${serving.port}/`)
    .replace(/^await (flags\..*);$/m, "console.log(JSON.stringify(await $1));");
  const printed = runAsApp(directory.path, `${program}await OpenFeature.close();\n`);
  // It shows some of the fields.
  expect(JSON.parse(inOneHalf(printed))).toMatchObject(
    JSON.parse(details.replaceAll(", …", "").replace(/(\w+):(?= )/g, '"$1":')),
  );
});

test("what keys prints, and what is answered to one, is what the README goes on to show", async () => {
  const shown = shownCommands("Keys");
  const keys: Record<string, string> = {};
  for (const create of [shown.next(), shown.next()]) {
    const { exitCode, out, talk } = await tenantry(directory.path, [...argsOf(create), ...place]);
    expect({ exitCode, talk: asShown(talk) }).toEqual({ exitCode: 0, talk: settled(create.out) });
    const [file = ""] = /(?<= > )\S+$/.exec(create.line) ?? [];
    keys[file] = out.trim();
  }
  const list = shown.next();
  const { exitCode, out, talk } = await tenantry(directory.path, [...argsOf(list), ...place]);
  expect({ exitCode, talk }).toEqual({ exitCode: 0, talk: "" });
  expect(asShown(out)).toBe(settled(list.out));

  const serve = shown.next();
  const serving = await startServing(directory.path, ...argsOf(serve).slice(1), ...place);
  expect(settled(serving.out())).toBe(settled(serve.out));
  const flags = shown.next();
  const [file = ""] = /(?<=\$\(cat )[^)]+/.exec(flags.line) ?? [];
  expect(inOneHalf(await asCurl(flags, serving.port, keys[file]))).toBe(unbroken(flags.out));
  expect(JSON.parse(await asCurl(flags, serving.port, "another"))).toMatchObject({ status: 401 });
  expect(shown.left).toBe(0);
});

/** An answer comes in one line; the README breaks it, and says so. */
const unbroken = (answer: string) => answer.replace(/\n */g, "");

/** In which half of a split an org or a member is depends on the ids that this estate gave. */
const inOneHalf = (answer: string) =>
  answer.replace('"value":"v2","variant":"new"', '"value":"v2b","variant":"test"');

function edit(before: string, after: string): void {
  const path = join(directory.path, "tenants/orgs/acme.yaml");
  const text = readFileSync(path, "utf8");
  expect(text).toContain(before);
  writeFileSync(path, text.replace(before, after));
}
