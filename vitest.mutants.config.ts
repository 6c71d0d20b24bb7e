import { kept } from "./test/tools/mutants/kept-worker.ts";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** The quick files first: one that notices is enough, and the long ones are not waited for. */
class QuickFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return (await super.sort(files)).toReversed();
  }
}

/** The unit tests alone, for `npm run test:mutants`: a mutant must not survive because a test took its time. */
export default defineConfig({
  plugins: [
    {
      name: "kept-worker",
      // The runner of the tool asks for threads of its own.
      configureVitest: ({ project }) => {
        Object.assign(project.config, { pool: kept.name, poolRunner: kept });
      },
    },
  ],
  test: {
    include: ["test/**/*.test.ts"],
    exclude: [
      "test/{e2e,attack,contract,real,long}/**",
      // What is generated may lag behind; that says nothing of a mutant.
      "test/schema/generated.test.ts",
    ],
    testTimeout: 600_000,
    setupFiles: ["test/tools/mutants/first-failure.ts"],
    isolate: false,
    sequence: { sequencer: QuickFirst },
  },
});
