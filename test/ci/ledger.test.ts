import { type FileRun, ledgerOf, type TestRun } from "./ledger.ts";
import { describe, expect, it } from "vitest";

const run = (file: string, tests: readonly TestRun[], more: Partial<FileRun> = {}): FileRun => ({
  file,
  ms: 100,
  tests,
  faults: [],
  ...more,
});
const passed = (name: string): TestRun => ({ name, state: "passed" });
const skipped = (name: string): TestRun => ({ name, state: "skipped" });
const EXCUSE = { file: "a.test.ts", name: "of another machine", reason: "there is no such machine" };

describe("the ledger of a test run", () => {
  it("lists each file with its time, the slowest first", () => {
    const { lines, total, ok } = ledgerOf(
      [run("quick.test.ts", [passed("one")], { ms: 950 }), run("slow.test.ts", [passed("two")], { ms: 61_040 })],
      [],
    );
    expect(lines.slice(1)).toEqual(["   61.0 s  slow.test.ts", "    0.9 s  quick.test.ts"]);
    expect(total).toBe("2 passed, 0 failed, 0 skipped");
    expect(ok).toBe(true);
  });

  it("a test that was skipped counts as failed", () => {
    const { lines, total, ok } = ledgerOf([run("a.test.ts", [passed("one"), skipped("two")])], []);
    expect(lines).toContain("SKIPPED, and should have run: a.test.ts: two");
    expect(total).toBe("1 passed, 1 failed, 0 skipped");
    expect(ok).toBe(false);
  });

  it("so does one that was never started", () => {
    const { total, ok } = ledgerOf([run("a.test.ts", [passed("one"), { name: "two", state: "pending" }])], []);
    expect(total).toBe("1 passed, 1 failed, 0 skipped");
    expect(ok).toBe(false);
  });

  it("unless the list names it, in this file", () => {
    const { lines, total, ok } = ledgerOf([run("a.test.ts", [passed("one"), skipped(EXCUSE.name)])], [EXCUSE]);
    expect(lines).toContain("skipped: a.test.ts: of another machine (there is no such machine)");
    expect(total).toBe("1 passed, 0 failed, 1 skipped");
    expect(ok).toBe(true);
    expect(ledgerOf([run("b.test.ts", [passed("one"), skipped(EXCUSE.name)])], [EXCUSE]).ok).toBe(false);
  });

  it("an entry may mean several by what their names hold", () => {
    const wide = { ...EXCUSE, name: /^real / };
    const { total, ok } = ledgerOf([run("a.test.ts", [passed("one"), skipped("real a"), skipped("real b")])], [wide]);
    expect(total).toBe("1 passed, 0 failed, 2 skipped");
    expect(ok).toBe(true);
    expect(ledgerOf([run("a.test.ts", [skipped("real a"), skipped("unreal")])], [wide]).ok).toBe(false);
  });

  it("an entry of the list that names no test fails: it could excuse another one day", () => {
    const { lines, total, ok } = ledgerOf([run("a.test.ts", [passed("one")])], [EXCUSE]);
    expect(lines).toContain("NOT THERE, and named in test/ci/may-skip.ts: a.test.ts: of another machine");
    expect(total).toBe("1 passed, 1 failed, 0 skipped");
    expect(ok).toBe(false);
    expect(ledgerOf([run("b.test.ts", [passed("one")])], [EXCUSE]).ok).toBe(true);
  });

  it("a fault outside of the tests counts as failed", () => {
    const { lines, total, ok } = ledgerOf([run("a.test.ts", [passed("one")], { faults: ["no such file"] })], []);
    expect(lines.at(-1)).toBe("FAILED: a.test.ts, outside of its tests\n    no such file");
    expect(total).toBe("1 passed, 1 failed, 0 skipped");
    expect(ok).toBe(false);
  });

  it("a failed test is one", () => {
    const two: TestRun = { name: "two", state: "failed", why: "expected \u001B[31m1\u001B[39m\nto be 2" };
    const { lines, total, ok } = ledgerOf([run("a.test.ts", [two, passed("one")])], []);
    expect(lines.at(-1)).toBe("FAILED: a.test.ts: two\n    expected 1\n    to be 2");
    expect(total).toBe("1 passed, 1 failed, 0 skipped");
    expect(ok).toBe(false);
  });

  it("a test that passed at its second try is named, with what failed at first", () => {
    const two: TestRun = { name: "two", state: "passed", isSecondTry: true, why: "Test timed out in 60000ms." };
    const { lines, total, ok } = ledgerOf([run("a.test.ts", [two, passed("one")])], []);
    expect(lines.at(-1)).toBe(
      "PASSED AT A SECOND TRY, and is to be mended: a.test.ts: two\n    Test timed out in 60000ms.",
    );
    expect(total).toBe("2 passed, 0 failed, 0 skipped");
    expect(ok).toBe(true);
  });

  it("a run without tests is not ok", () => {
    expect(ledgerOf([], [])).toMatchObject({ total: "0 passed, 0 failed, 0 skipped", ok: false });
  });
});
