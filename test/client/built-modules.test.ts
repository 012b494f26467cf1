import { readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { dirname, join, relative } from "node:path";
import { expect, test } from "vitest";

const dist = join(import.meta.dirname, "../../dist");

/** Every module that is loaded with one, by what is built: ours by their paths, packages by their names. */
function loadedWith(entry: string): readonly string[] {
  const seen = new Set<string>();
  const look = (path: string) => {
    if (seen.has(path)) return;
    seen.add(path);
    if (!path.endsWith(".js")) return;
    const text = readFileSync(join(dist, path), "utf8");
    for (const [, target = ""] of text.matchAll(
      /^(?:import|export)\b[^;]*?from "([^"]+)"|^import "([^"]+)"/gm,
    ))
      look(target.startsWith(".") ? relative(dist, join(dist, dirname(path), target)) : target);
  };
  look(entry);
  return [...seen].filter((path) => !builtinModules.includes(path.replace(/^node:/, ""))).sort();
}

test("a client over HTTP is loaded with nothing but itself", () => {
  const loaded = loadedWith("client/create-client.js");
  expect(loaded.filter((path) => !path.startsWith("client/"))).toEqual(["lru-cache"]);
});

test("what apps import loads no database before it is asked for", () => {
  const loaded = loadedWith("client/entry.js");
  expect(loaded.filter((path) => !path.startsWith("client/"))).toEqual(["lru-cache"]);
  expect(loaded).not.toContain("client/local-client.js");
  // That this can fail: what it would load is seen where it is loaded.
  const local = loadedWith("client/open-local-client.js");
  expect(local).toEqual(expect.arrayContaining(["database/connect.js", "decision/decide-flag.js", "pg"]));
});

test("the package leads to it", () => {
  const { exports } = JSON.parse(readFileSync(join(dist, "../package.json"), "utf8"));
  expect(exports["./client"]).toBe("./dist/client/entry.js");
});
