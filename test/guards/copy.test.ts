import { runsProgram } from "./copy.ts";
import { join } from "node:path";
import { expect, it } from "vitest";
import { repositoryRoot } from "../support/root.ts";

/** Where the program is not built again without its guard, a test says nothing of it. */
it.each([
  ["attack/npm-pass", true],
  ["attack/dotnet", true],
  ["e2e/compiled-code", true],
  ["attack/subject-digests", false],
  ["json", false],
])("%s starts the built program: %s", (name, expected) => {
  expect(runsProgram(join(repositoryRoot(), `test/${name}.test.ts`))).toBe(expected);
});
