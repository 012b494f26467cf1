import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readSettled } from "../../src/command/read-settled.ts";

const never = new AbortController().signal;
let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "tenantry-"));
  mkdirSync(join(directory, "overlays/staging"), { recursive: true });
});

afterEach(() => rmSync(directory, { recursive: true }));

test.each(["acme.yaml", "overlays/staging/acme.yml"])(
  "waits until nobody writes %s any more",
  async (name) => {
    const file = join(directory, name);
    writeFileSync(file, "0");
    const settled = readSettled(directory, () => readFileSync(file, "utf8"), never);
    for (let count = 1; count <= 5; count++) {
      await setTimeout(100);
      writeFileSync(file, String(count));
    }
    expect(await settled).toBe("5");
  },
);

test("reads again where a file was replaced while it read", async () => {
  const file = join(directory, "acme.yaml");
  writeFileSync(file, "one");
  let reads = 0;
  const read = () => {
    const text = readFileSync(file, "utf8");
    if (++reads === 1) {
      writeFileSync(`${file}.tmp`, "two");
      renameSync(`${file}.tmp`, file);
    }
    return text;
  };
  expect(await readSettled(directory, read, never)).toBe("two");
  expect(reads).toBe(2);
});

test("reads nothing once it is told to stop", async () => {
  const stop = new AbortController();
  const settled = readSettled(directory, () => "read", stop.signal);
  stop.abort();
  expect(await settled).toBeNull();
});
