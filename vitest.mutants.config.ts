import { defineConfig } from "vitest/config";

/** The unit tests alone, for `npm run test:mutants`: a mutant must not survive because a test took its time. */
export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    exclude: ["test/e2e/**", "test/attack/**", "test/contract/**", "test/real/**", "test/long/**"],
    testTimeout: 60_000,
  },
});
