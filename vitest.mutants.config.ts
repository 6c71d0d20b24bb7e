import { defineConfig } from "vitest/config";

/** The unit tests alone, for `npm run test:mutants`: a mutant must not survive because a test took its time. */
export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    exclude: [
      "test/{e2e,attack,contract,real,long}/**",
      // What is generated may lag behind; that says nothing of a mutant.
      "test/schema/generated.test.ts",
    ],
    testTimeout: 60_000,
  },
});
