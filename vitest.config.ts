import { defineConfig } from "vitest/config";

// What needs no database does not wait for one.
const pure = ["diagnostic", "model", "manifest", "plan", "decision", "view"].map(
  (room) => `test/${room}/**/*.test.ts`,
);

export default defineConfig({
  test: {
    // One worker for each of two cores: most tests wait for a database or a process.
    maxWorkers: 2,
    projects: [
      { test: { name: "pure", include: [...pure, "test/*.test.ts"] } },
      {
        test: {
          name: "engines",
          include: ["test/**/*.test.ts", "examples/**/*.test.ts"],
          exclude: [...pure, "test/*.test.ts"],
          globalSetup: "test/engines-setup.ts",
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
