/**
 * A reporter for CI: the time of each test file and the plain closing line of `ledgerOf`, on standard output or in the file
 * that `TEST_LEDGER` names. Fails the run where a test was skipped that `may-skip.ts` does not name.
 */
import { type FileRun, ledgerOf, type TestRun } from "./ledger.ts";
import { MAY_SKIP } from "./may-skip.ts";
import { writeFileSync } from "node:fs";
import type { Reporter, TestCase, TestModule } from "vitest/node";

/** Vitest makes it with `new`. */
export default function reporter(): Reporter {
  return {
    onTestRunEnd(modules, unhandled) {
      const { lines, total, ok } = ledgerOf(modules.map(fileRunOf), MAY_SKIP);
      const text = `${[...lines, total].join("\n")}\n`;
      const file = process.env["TEST_LEDGER"];
      if (file === undefined) process.stdout.write(text);
      else writeFileSync(file, text);
      if (!ok || unhandled.length > 0) process.exitCode = 1;
    },
  };
}

function fileRunOf(module: TestModule): FileRun {
  const { collectDuration, setupDuration, prepareDuration, environmentSetupDuration, duration } = module.diagnostic();
  return {
    file: module.relativeModuleId.replaceAll("\\", "/"),
    ms: collectDuration + setupDuration + prepareDuration + environmentSetupDuration + duration,
    tests: Array.from(module.children.allTests(), testRunOf),
    faults: [module, ...module.children.allSuites()].flatMap((one) => one.errors()).map(({ message }) => message),
  };
}

function testRunOf(test: TestCase): TestRun {
  const { state, errors = [] } = test.result();
  const isSecondTry = (test.diagnostic()?.retryCount ?? 0) > 0;
  const why = [errors[0]?.message, errors[0]?.diff].join("\n");
  return { name: test.fullName, state, isSecondTry, ...((state === "failed" || isSecondTry) && { why }) };
}
