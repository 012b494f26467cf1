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
      // A busy machine takes ten times as long over the same cases.
      { test: { name: "pure", include: [...pure, "test/*.test.ts"], testTimeout: 60_000 } },
      {
        test: {
          name: "engines",
          include: ["test/**/*.test.ts", "examples/**/*.test.ts"],
          exclude: ["**/node_modules/**", ...pure, "test/*.test.ts"],
          globalSetup: "test/engines-setup.ts",
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
