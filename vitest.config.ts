import { defineConfig } from "vitest/config";

// What needs no database does not wait for one.
const pure = ["diagnostic", "model", "manifest", "plan", "decision", "view"].map(
  (room) => `test/${room}/**/*.test.ts`,
);

// What compares times needs a process of its own, where nothing else has shaped the code that is measured.
const timed = [
  "test/client/local-speed.test.ts",
  "test/identity/lookup-time.test.ts",
  "test/openfeature/overhead.test.ts",
];

const engines = { globalSetup: "test/engines-setup.ts", testTimeout: 60_000, hookTimeout: 60_000 };

export default defineConfig({
  test: {
    // One worker for each of two cores: most tests wait for a database or a process.
    maxWorkers: 2,
    projects: [
      // A busy machine takes ten times as long over the same cases.
      { test: { name: "pure", include: [...pure, "test/*.test.ts"], testTimeout: 60_000 } },
      {
        test: {
          ...engines,
          name: "engines",
          include: ["test/**/*.test.ts", "examples/**/*.test.ts"],
          exclude: ["**/node_modules/**", ...pure, ...timed, "test/*.test.ts"],
          // A worker loads the sources, and compiles PGlite, once for all its files.
          isolate: false,
        },
      },
      { test: { ...engines, name: "timed", include: timed } },
    ],
  },
});
