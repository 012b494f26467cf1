import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { DatabaseUnreachable } from "../../src/database/database-error.ts";
import { boundedWaits } from "../../src/runtime/bounded-waits.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const unreachable = { code: "database-unreachable" };
const never = () => new Promise<never>(() => {});

it("waits for as long as it takes where nothing is said", async () => {
  const { wait } = boundedWaits();
  const waiting = wait(() => new Promise((resolve) => setTimeout(resolve, 3_600_000, "found")));
  await vi.advanceTimersByTimeAsync(3_600_000);
  expect(await waiting).toBe("found");
});

it("gives up after its time, and then at once while somebody asks", async () => {
  const { attempt, wait } = boundedWaits(2_000);
  const first = expect(wait(() => attempt(never))).rejects.toMatchObject(unreachable);
  await vi.advanceTimersByTimeAsync(2_000);
  await first;
  const asked = vi.fn(never);
  await expect(wait(asked)).rejects.toMatchObject(unreachable);
  expect(asked).not.toHaveBeenCalled();
  expect(vi.getTimerCount()).toBe(0);
});

it("asks again where nobody asks any more, and waits only shortly", async () => {
  const { attempt, wait } = boundedWaits(2_000);
  await attempt(() => Promise.reject(new DatabaseUnreachable("away"))).catch(() => {});
  const asking = expect(wait(() => attempt(never))).rejects.toMatchObject(unreachable);
  await vi.advanceTimersByTimeAsync(250);
  await asking;
});

it("waits as before once the database answered, be it with an error", async () => {
  const { attempt, wait } = boundedWaits(2_000);
  for (const answer of [async () => {}, () => Promise.reject(new Error("no such table"))]) {
    await attempt(() => Promise.reject(new DatabaseUnreachable("away"))).catch(() => {});
    await attempt<void>(answer).catch(() => {});
    const waiting = wait(() => new Promise((resolve) => setTimeout(resolve, 1_900, "found")));
    await vi.advanceTimersByTimeAsync(1_900);
    expect(await waiting).toBe("found");
  }
});

it("tells the error of what it waited for", async () => {
  const { attempt, wait } = boundedWaits(2_000);
  const failing = () => attempt(() => Promise.reject(new Error("no such table")));
  await expect(wait(failing)).rejects.toThrow("no such table");
  expect(vi.getTimerCount()).toBe(0);
});
