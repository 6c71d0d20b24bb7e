/** A test that CI may skip, by its file and full name, with the reason that is printed. Every other skipped test fails CI. */
export interface MaySkip {
  readonly file: string;
  readonly name: string;
  readonly reason: string;
}

const ONE_NPM = "there is one npm on PATH and npm 12 reads otherwise; `npm run test:real` runs both";

export const MAY_SKIP: readonly MaySkip[] = [
  {
    file: "test/e2e/npm-handoff.test.ts",
    name: "locks that npm reads > npm-shrinkwrap.json wins over package-lock.json",
    reason: ONE_NPM,
  },
  {
    file: "test/e2e/npm-handoff.test.ts",
    name: "locks that npm reads > npm-shrinkwrap.json is not what npm 12 reads",
    reason: ONE_NPM,
  },
];
