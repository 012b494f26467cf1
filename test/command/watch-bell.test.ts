import { expect, test } from "vitest";
import { makeBell } from "../../src/command/watch-bell.ts";

const never = new AbortController().signal;
const soon = () => new Promise((resolve) => setTimeout(resolve, 50));

test("a sleep ends when its time has passed", async () => {
  expect(await makeBell().sleep(0.01, never)).toBe(false);
});

test("a ring wakes, and one that nobody slept through is not lost", async () => {
  const bell = makeBell();
  const sleep = bell.sleep(null, never);
  bell.ring();
  expect(await sleep).toBe(true);
  bell.ring();
  expect(await bell.sleep(null, never)).toBe(true);
  expect(await bell.sleep(0.01, never)).toBe(false);
});

test("an aborted signal ends a sleep, and lets none begin", async () => {
  const stop = new AbortController();
  const sleep = makeBell().sleep(null, stop.signal);
  stop.abort();
  expect(await sleep).toBe(false);
  expect(await makeBell().sleep(null, stop.signal)).toBe(false);
});

test("a sleep that is longer than timers can hold does not end at once", async () => {
  const stop = new AbortController();
  const sleep = makeBell().sleep(2_147_484, stop.signal);
  expect(await Promise.race([sleep, soon().then(() => "asleep")])).toBe("asleep");
  stop.abort();
  await sleep;
});
