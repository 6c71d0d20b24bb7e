import { temporaryFolder } from "../support/folder.ts";
import { execa } from "execa";
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";

const ROOT = resolve(import.meta.dirname, "../..");

/** A real Vitest over one file of tests. */
async function runTests(
  text: string,
  ...more: readonly string[]
): Promise<{ readonly exit: number | undefined; readonly ledger: string }> {
  const folder = temporaryFolder();
  const ledger = join(folder, "ledger.txt");
  mkdirSync(join(folder, "test"));
  symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
  writeFileSync(join(folder, "package.json"), '{"type":"module"}');
  writeFileSync(join(folder, "test/one.test.ts"), `import { beforeAll, describe, it } from "vitest";\n${text}`);
  const vitest = join(ROOT, "node_modules/vitest/vitest.mjs");
  const args = [vitest, "run", "--root", folder, "--reporter", join(ROOT, "test/ci/reporter.ts"), ...more];
  const env = { PATH: process.env["PATH"] ?? "", TEST_LEDGER: ledger };
  const options = { cwd: folder, env, extendEnv: false, reject: false, all: true } as const;
  const { exitCode } = await execa(process.execPath, args, options);
  return { exit: exitCode, ledger: readFileSync(ledger, "utf8") };
}

describe("the reporter for CI", () => {
  it("ends with the plain line, after the time of each file", async () => {
    const { exit, ledger } = await runTests('describe("a", () => { it("runs", () => {}); });');
    expect(ledger).toMatch(/\d\.\d s {2}test\/one\.test\.ts\n1 passed, 0 failed, 0 skipped\n$/);
    expect(exit).toBe(0);
  });

  it("fails the run where all that ran has passed and one test did not run", async () => {
    const { exit, ledger } = await runTests(
      'it("runs", () => {});\ndescribe("a", () => { it.skip("does not", () => {}); });',
    );
    expect(ledger).toContain("SKIPPED, and should have run: test/one.test.ts: a > does not\n");
    expect(ledger).toMatch(/\n1 passed, 1 failed, 0 skipped\n$/);
    expect(exit).toBe(1);
  });

  it("says last what failed, and why", async () => {
    const { exit, ledger } = await runTests(
      'import { expect } from "vitest"; it("adds", () => { expect(1 + 1).toBe(3); });',
    );
    expect(ledger).toMatch(
      /\nFAILED: test\/one\.test\.ts: adds\n {4}expected 2 to be 3\b.*\n0 passed, 1 failed, 0 skipped\n$/s,
    );
    expect(exit).toBe(1);
  });

  it("names what passed at a second try, where one is given", async () => {
    const { exit, ledger } = await runTests(
      'let tries = 0; it("strays", () => { tries += 1; if (tries === 1) throw new Error("out of time"); });',
      "--retry.count=1",
    );
    expect(ledger).toMatch(/\nPASSED AT A SECOND TRY, .*: strays\n {4}out of time\n1 passed, 0 failed, 0 skipped\n$/);
    expect(exit).toBe(0);
  });

  it("counts tests that a failed beforeAll kept from running", async () => {
    const { exit, ledger } = await runTests(
      'it("runs", () => {});\ndescribe("a", () => { beforeAll(() => { throw new Error("no"); }); it("cannot", () => {}); });',
    );
    expect(ledger).toContain("SKIPPED, and should have run: test/one.test.ts: a > cannot\n");
    expect(ledger).toContain("FAILED: test/one.test.ts, outside of its tests\n    no\n");
    expect(exit).toBe(1);
  });
});
