/** One guard: the text that holds it, what stands there without it, and the tests that must notice. */
export interface Guard {
  readonly name: string;
  readonly file: string;
  /** Must occur exactly once. */
  readonly remove: string;
  readonly put: string;
  /** Paths for vitest. */
  readonly tests: readonly string[];
}

export const GUARDS: readonly Guard[] = [
  {
    name: "a bundle that does not hold ends the questions",
    file: "src/judge.ts",
    remove: "|| doesNotHold(decision)",
    put: "",
    tests: ["test/judge.test.ts"],
  },
];
