import { temporaryFolder } from "../support/folder.ts";
import { type Case, casesFolder, readCases } from "./cases/case.ts";
import { faultsOf } from "./cases/judge.ts";
import type { Gated, Run } from "./cases/outcome.ts";
import { runCase } from "./cases/run.ts";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const CASE: Case = { name: "npm/x", commands: ["npm ci"], exit: [0], says: [], never: [], policy: null };
const gate = (exit: number | null, text = ""): Gated => ({ args: ["npm", "ci"], exit, text });
const run = (more: Partial<Run> = {}): Run => ({
  gated: [gate(0)],
  output: "",
  alone: true,
  timedOut: false,
  seconds: 1,
  files: [],
  ...more,
});

describe("a case is met", () => {
  it("where its commands end as it says", () => {
    expect(faultsOf(CASE, run())).toEqual([]);
    expect(faultsOf({ ...CASE, exit: [65, 66] }, run({ gated: [gate(66)] }))).toEqual([]);
  });

  it("not where one of them ends otherwise, or by a signal", () => {
    expect(faultsOf(CASE, run({ gated: [gate(66, "✗ npm:a@1.0.0  LOCK_UNSUPPORTED"), gate(0)] }))).toEqual([
      "npm ci: exit 66 (✗ npm:a@1.0.0  LOCK_UNSUPPORTED)",
    ]);
    expect(faultsOf(CASE, run({ gated: [gate(null)] }))).toEqual(["npm ci: exit by a signal"]);
  });

  it("where it is a script, by the last command", () => {
    expect(faultsOf(CASE, run({ alone: false, gated: [gate(66), gate(0)] }))).toEqual([]);
    expect(faultsOf(CASE, run({ alone: false, gated: [gate(0), gate(66)] }))).toEqual(["npm ci: exit 66"]);
  });

  it("not where nothing went through the gate", () => {
    expect(faultsOf(CASE, run({ gated: [] }))).toEqual(["ran nothing through the gate"]);
  });

  it("by words, case ignored, of the script and of each command", () => {
    const words = { ...CASE, says: ["Its Own Lock"], never: ["a bug of ours"] };
    expect(faultsOf(words, run({ gated: [gate(0, "its own lock")] }))).toEqual([]);
    expect(faultsOf(words, run({ output: "A BUG of ours" }))).toEqual([
      'does not say "Its Own Lock"',
      'says "a bug of ours"',
    ]);
  });

  it("not where a script finds a fault, or it did not end", () => {
    expect(faultsOf(CASE, run({ output: "ok    this\nFAULT that\n" }))).toEqual(["FAULT that"]);
    expect(faultsOf(CASE, run({ timedOut: true, seconds: 90 }))).toEqual(["not ended after 90 s"]);
  });

  it("where its own check holds", () => {
    const leaf = { ...CASE, name: "pip/install-upgrades-unasked" };
    expect(faultsOf(leaf, run({ output: "leaf==1.0\nleaf==1.0\n" }))).toEqual([]);
    expect(faultsOf(leaf, run({ output: "leaf==1.0\nleaf==2.0\n" }))).toHaveLength(1);
    expect(faultsOf(leaf, run({ output: "leaf==1.0\n" }))).toHaveLength(1);
  });
});

describe("a run of a case", () => {
  const BIN = 'console.log(process.argv.slice(2).join("+"), process.env.HOME);process.exitCode = 7;';

  function lay(expected: object): { readonly cases: string; readonly bin: string } {
    const cases = temporaryFolder();
    mkdirSync(join(cases, "npm/x"), { recursive: true });
    writeFileSync(join(cases, "npm/x/package.json"), "{}");
    writeFileSync(join(cases, "expected.json"), JSON.stringify({ cases: { "npm/x": expected } }));
    writeFileSync(join(cases, "package.json"), '{"type":"module"}');
    writeFileSync(join(cases, "bin.js"), BIN);
    return { cases, bin: join(cases, "bin.js") };
  }

  it("sees each command's exit and words, in a copy with a home of its own", async () => {
    const { cases, bin } = lay({ commands: ["check", "npm ci"], exit: [7], policy: "none" });
    const [one] = readCases(cases);
    const found = await runCase(one!, { cases, bin, limitSeconds: 60, keep: false });
    expect(found.gated.map(({ args, exit }) => [args, exit])).toEqual([
      [["check"], 7],
      [["npm", "ci"], 7],
    ]);
    expect(found.gated[1]!.text).toBe(`npm+ci ${found.root}/home\n`);
    expect(found.files.toSorted()).toEqual([".git", ".signing-policy.json", "package.json"]);
    expect(faultsOf(one!, found)).toEqual([]);
    expect(existsSync(found.root)).toBe(false);
  });

  it("ends a case at its limit, with all that it started", async () => {
    const { cases, bin } = lay({ commands: ["run.sh"], exit: [7] });
    writeFileSync(join(cases, "npm/x/run.sh"), "sleep 600 & wait\n");
    const [one] = readCases(cases);
    const found = await runCase(one!, { cases, bin, limitSeconds: 1, keep: false });
    expect(found.timedOut).toBe(true);
    expect(faultsOf(one!, found)).toEqual([expect.stringMatching(/^not ended after \d+ s$/)]);
  });
});

describe("the folder of cases", () => {
  it("is the one that is named, where it has an expected.json", () => {
    const folder = temporaryFolder();
    expect(casesFolder({ SAFE_INSTALL_CASES: folder })).toBeNull();
    writeFileSync(join(folder, "expected.json"), "{}");
    expect(casesFolder({ SAFE_INSTALL_CASES: folder })).toBe(folder);
  });
});
