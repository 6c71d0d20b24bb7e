import type { MaySkip } from "./may-skip.ts";
import { stripVTControlCharacters } from "node:util";

/** What one test file did. */
export interface FileRun {
  readonly file: string;
  /** From the first import to the last hook. */
  readonly ms: number;
  readonly tests: readonly TestRun[];
  /** What faults outside of its tests say: an import or a `beforeAll` that threw. */
  readonly faults: readonly string[];
}

export interface TestRun {
  /** With the names of its suites, joined by ` > `. */
  readonly name: string;
  readonly state: "passed" | "failed" | "skipped" | "pending";
  /** It failed, and did so or passed when it was run again. */
  readonly isSecondTry?: boolean;
  /** Of one that failed, if only at first: what the first of its errors says, and its difference. */
  readonly why?: string;
}

export interface Ledger {
  /**
   * Lines for a person: the time of each file, the slowest first; what was skipped, and why that is right or wrong; last, where
   * a log that was cut still has them, what passed at a second try only, and what failed.
   */
  readonly lines: readonly string[];
  /** `N passed, N failed, N skipped`. What should have run and did not counts as failed. */
  readonly total: string;
  readonly ok: boolean;
}

/** The book of one run. A skipped test counts as failed unless `maySkip` names it; a run without any test is not ok. */
export function ledgerOf(files: readonly FileRun[], maySkip: readonly MaySkip[]): Ledger {
  const all = files.flatMap(({ file, tests }) => tests.map((test) => ({ ...test, file })));
  const passed = all.filter(({ state }) => state === "passed").length;
  const didNotRun = all.filter(({ state }) => state === "skipped" || state === "pending");
  const excused = didNotRun.flatMap((test) => {
    const reason = maySkip.find((one) => one.file === test.file && means(one, test))?.reason;
    return reason === undefined ? [] : [{ ...test, reason }];
  });
  const wrongly = didNotRun.filter(
    (test) => !excused.some(({ file, name }) => file === test.file && name === test.name),
  );
  const stale = staleIn(files, maySkip);
  const faults = files.flatMap((one) => one.faults.map((why) => ({ file: one.file, why })));
  const failed = all.length - passed - excused.length + faults.length + stale.length;
  return {
    lines: [
      "Time of each test file, the slowest first:",
      ...files.toSorted((one, other) => other.ms - one.ms).map(({ file, ms }) => `${seconds(ms)}  ${file}`),
      ...excused.map(({ file, name, reason }) => `skipped: ${file}: ${name} (${reason})`),
      ...wrongly.map(({ file, name }) => `SKIPPED, and should have run: ${file}: ${name}`),
      ...stale.map(({ file, name }) => `NOT THERE, and named in test/ci/may-skip.ts: ${file}: ${String(name)}`),
      ...all
        .filter(({ state, isSecondTry }) => state === "passed" && isSecondTry === true)
        .map(({ file, name, why }) => `PASSED AT A SECOND TRY, and is to be mended: ${file}: ${name}${because(why)}`),
      ...faults.map(({ file, why }) => `FAILED: ${file}, outside of its tests${because(why)}`),
      ...all
        .filter(({ state }) => state === "failed")
        .map(({ file, name, why }) => `FAILED: ${file}: ${name}${because(why)}`),
    ],
    total: `${passed} passed, ${failed} failed, ${excused.length} skipped`,
    ok: failed === 0 && passed > 0,
  };
}

/** Entries for tests that a file which ran does not have: a name that nobody has any more excuses the wrong test one day. */
function staleIn(files: readonly FileRun[], maySkip: readonly MaySkip[]): readonly MaySkip[] {
  return maySkip.filter(({ file, name }) => {
    const run = files.find((one) => one.file === file);
    return run !== undefined && !run.tests.some((test) => means({ name }, test));
  });
}

function means({ name }: Pick<MaySkip, "name">, test: TestRun): boolean {
  return typeof name === "string" ? name === test.name : name.test(test.name);
}

/** The first lines of an error, without the colours of its difference. */
function because(why = ""): string {
  const lines = stripVTControlCharacters(why).split("\n").slice(0, 24);
  return lines.map((line) => `\n    ${line.slice(0, 200)}`.trimEnd()).join("");
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1).padStart(7)} s`;
}
