import { setImmediate } from "node:timers/promises";
import { expect, test } from "vitest";
import { limited, TooManyWaiting } from "../../src/identity/limited.ts";

test("no more than so many are at work at once, each has its turn, and an error gives its place free", async () => {
  const atMost = limited({ atWork: 4, waiting: 26 });
  let atWork = 0;
  let most = 0;
  const order: number[] = [];
  const work = (index: number) => async () => {
    most = Math.max(most, ++atWork);
    await setImmediate();
    atWork--;
    order.push(index);
    if (index % 3 === 0) throw new Error(`work ${index}`);
    return index;
  };
  const indexes = Array.from({ length: 30 }, (_, index) => index);
  const outcomes = await Promise.allSettled(indexes.map((index) => atMost(work(index))));
  expect(most).toBe(4);
  expect(order).toEqual(indexes);
  expect(outcomes.map(({ status }) => status)).toEqual(
    indexes.map((index) => (index % 3 === 0 ? "rejected" : "fulfilled")),
  );
});

test("whoever finds the queue full is told so at once, and takes nobody's place", async () => {
  const atMost = limited({ atWork: 1, waiting: 1 });
  const first = atMost(async () => {
    await setImmediate();
    return "first";
  });
  const second = atMost(async () => "second");
  await expect(atMost(async () => "third")).rejects.toThrow(TooManyWaiting);
  expect(await Promise.all([first, second])).toEqual(["first", "second"]);
  expect(await atMost(async () => "fourth")).toBe("fourth");
});
