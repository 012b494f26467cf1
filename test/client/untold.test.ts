import { expect, test } from "vitest";
import { untoldAnswers } from "../../src/client/untold.ts";

const told = () => {
  const calls: string[] = [];
  return { calls, untold: untoldAnswers(() => calls.push("untold")) };
};

test("a stream begins from the oldest answer, and once ended from where it stood", () => {
  const { calls, untold } = told();
  expect(untold.since()).toBe(null);
  untold.ask()("e.1.a-1.100");
  untold.ask()("e.2.a-2.200");
  untold.ask()(null);
  expect(untold.since()).toBe("e.1.a-1.100");
  untold.begin("e.2.a-2.300", true);
  untold.ask()("e.3.a-3.400");
  untold.end("e.3.a-3.500");
  expect(untold.since()).toBe("e.3.a-3.500");
  expect(calls).toEqual([]);
});

test("what was asked before a stream and answered after is told of where it is of another state", () => {
  const { calls, untold } = told();
  const [same, other] = [untold.ask(), untold.ask()];
  untold.begin("e.1.a-2.300", false);
  same("e.1.a-2.200");
  expect(calls).toEqual([]);
  other("e.1.a-1.200");
  expect(calls).toEqual(["untold"]);
});

test("what was answered while a stream was being opened is told of where the stream begins later", () => {
  const { calls, untold } = told();
  untold.ask()("e.1.a-2.200");
  untold.begin("e.1.a-2.300", false);
  expect(calls).toEqual([]);
  untold.end(null);
  untold.ask()("e.1.a-2.400");
  untold.begin("e.1.a-3.500", false);
  expect(calls).toEqual(["untold"]);
});
