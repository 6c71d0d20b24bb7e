import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

/** A folder for what the files of one run share. */
const globalSetup = ["test/support/setup.ts"];

export default defineConfig({
  test: {
    // No test asks a repository of trust roots that it has not started.
    env: { SAFE_INSTALL_TRUST_MIRROR: "off" },
    // Most tests wait for an installer: a worker more than cores keeps a small machine busy.
    maxWorkers: availableParallelism() + 1,
    projects: [
      {
        test: {
          name: "unit",
          globalSetup,
          include: ["test/**/*.test.ts"],
          exclude: ["test/e2e/**", "test/attack/**", "test/contract/**", "test/real/**", "test/long/**"],
          // Properties run a few hundred times, also on a machine that has other things to do.
          testTimeout: 60_000,
        },
      },
      {
        test: {
          name: "e2e",
          globalSetup,
          include: ["test/e2e/**/*.test.ts", "test/attack/**/*.test.ts", "test/contract/**/*.test.ts"],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: "real",
          globalSetup,
          include: ["test/real/**/*.test.ts"],
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
      { test: { name: "long", globalSetup, include: ["test/long/**/*.test.ts"], testTimeout: 1_200_000 } },
    ],
  },
});
