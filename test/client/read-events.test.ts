import { expect, test } from "vitest";
import { readEvents, type StreamEvent } from "../../src/client/read-events.ts";

async function readAll(...parts: string[]): Promise<readonly StreamEvent[]> {
  const events: StreamEvent[] = [];
  const body = new Blob(parts).stream() as unknown as ReadableStream<Uint8Array>;
  for await (const event of readEvents(body)) events.push(event);
  return events;
}

test("an id counts with its event, or with a block that has none", async () => {
  expect(await readAll("retry: 20\nid: a.1\n\n", ":\nid: a.2\n\n", "id: a.3\ndata: x\n\n")).toEqual([
    { kind: "retry", milliseconds: 20 },
    { kind: "id", id: "a.1" },
    { kind: "id", id: "a.2" },
    { kind: "id", id: "a.3" },
    { kind: "event", type: "message", data: "x" },
  ]);
});

test("an id whose event was cut off does not count: the event is still to be told", async () => {
  for (const part of ["id: a.2\n", "id: a.2\nevent: message\n", "id: a.2\ndata: x\n"])
    expect(await readAll("id: a.1\n\n", part)).toEqual([{ kind: "id", id: "a.1" }]);
});
