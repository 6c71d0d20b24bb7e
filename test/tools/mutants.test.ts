import { repositoryRoot } from "../support/root.ts";
import { goalOf, type MutationReport, printed, scoreOf, withEndToEnd } from "./mutants/score.ts";
import { REACHING, testsReaching } from "./mutants/reaching.ts";
import { isInSample } from "./mutants/sample.ts";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const SOURCE = 'const one = a === b;\nconst two = [\n  "x",\n];\n';
const at = (line: number, from: number, endLine: number, to: number) => ({
  start: { line, column: from },
  end: { line: endLine, column: to },
});
const mutant = (status: string, replacement: string, location = at(1, 13, 1, 20)) => ({
  status,
  replacement,
  location,
  mutatorName: "X",
});
const report: MutationReport = {
  files: {
    "src/gate/a.ts": {
      source: SOURCE,
      mutants: [
        mutant("Killed", "a !== b"),
        mutant("Timeout", "true"),
        mutant("Survived", "false"),
        mutant("NoCoverage", "[]", at(2, 13, 4, 2)),
        mutant("CompileError", "1"),
        mutant("Ignored", "2"),
      ],
    },
    "src/gates.ts": { source: SOURCE, mutants: [mutant("Survived", "false")] },
  },
};
const whole = { oneIn: 1, seed: "1" };
const listed = { file: "src/gate/a.ts", line: "const one = a === b;", of: "a === b", to: "false", why: "x" };

describe("the score", () => {
  it("counts what was tried under the paths that were asked for", () => {
    const score = scoreOf(report, { paths: ["src/gate"], sample: whole, equivalent: [] });
    expect(score).toMatchObject({ tried: 4, noticed: 2, same: 0, percent: 50, stale: [] });
    expect(printed(score)).toEqual([
      "out of time: src/gate/a.ts:1 a === b -> true",
      "src/gate/a.ts:1 a === b -> false",
      'src/gate/a.ts:2 (no test) [ "x", ] -> []',
      "1 run only while a module loads, and were not tried: see --static",
      "4 mutants: 2 noticed (1 of them out of time), 0 the same program, 2 left: 50.0 %",
    ]);
  });

  it("what is listed as the same program does not count, and is told of where a test notices it", () => {
    const noticed = { ...listed, to: "true" };
    const elsewhere = { ...listed, file: "src/gates.ts" };
    const otherLine = { ...listed, line: "const other = a === b;" };
    const equivalent = [listed, noticed, elsewhere, otherLine];
    const score = scoreOf(report, { paths: ["src/gate/a.ts"], sample: whole, equivalent });
    expect(score).toMatchObject({ tried: 4, noticed: 2, same: 1, stale: [noticed, otherLine] });
    expect(score.percent).toBeCloseTo(66.67, 1);
    expect(printed(score)).toContain("no longer the same program, or gone: src/gate/a.ts a === b -> true");
  });

  it("tells of what was out of time, so that a busy machine is not taken for a test that notices", () => {
    const killed = { files: { "src/a.ts": { source: SOURCE, mutants: [mutant("Killed", "true")] } } };
    const score = scoreOf(killed, { paths: ["src/a.ts"], sample: whole, equivalent: [] });
    expect(printed(score)).toEqual(["1 mutants: 1 noticed, 0 the same program, 0 left: 100.0 %"]);
  });

  it("what no test came to the end with is named, and not counted", () => {
    const of = (coveredBy: readonly string[], testsCompleted: number) => ({
      ...mutant("Survived", "true"),
      coveredBy,
      testsCompleted,
    });
    const found = {
      files: { "src/a.ts": { source: SOURCE, mutants: [of(["t"], 0), of(["t"], 1), mutant("Killed", "1")] } },
    };
    const score = scoreOf(found, { paths: ["src/a.ts"], sample: whole, equivalent: [] });
    expect(score).toMatchObject({ tried: 2, noticed: 1 });
    expect(printed(score)).toContain("to be tried by itself: src/a.ts:1 a === b -> true");
  });

  it("what end-to-end tests notice of what is left counts, and is told apart", () => {
    const score = scoreOf(report, { paths: ["src/gate"], sample: whole, equivalent: [] });
    const asked = withEndToEnd(score, ({ to }) => to === "[]");
    expect(asked).toMatchObject({ tried: 4, noticed: 3, endToEnd: 1, percent: 75, left: [{ to: "false" }] });
    expect(printed(asked).at(-1)).toBe(
      "4 mutants: 3 noticed (1 of them end to end, 1 of them out of time), 0 the same program, 1 left: 75.0 %",
    );
    expect(printed(withEndToEnd(score, () => false)).at(-1)).toContain("2 noticed (0 of them end to end, ");
  });

  it("a mutant is the whole file with the change in its place, also over several lines", () => {
    const { left } = scoreOf(report, { paths: ["src/gate"], sample: whole, equivalent: [] });
    expect(left.map(({ mutated }) => mutated)).toEqual([
      SOURCE.replace("a === b", "false"),
      "const one = a === b;\nconst two = [];\n",
    ]);
    expect(left.every(({ source }) => source === SOURCE)).toBe(true);
  });

  it("what no test came by again, since it ran while a module loaded, was not tried", () => {
    const found = {
      files: {
        "src/a.ts": {
          source: SOURCE,
          mutants: [
            { ...mutant("Survived", "true"), id: "1" },
            { ...mutant("Survived", "false"), id: "2" },
            { ...mutant("Killed", "0"), id: "3" },
          ],
        },
      },
    };
    const asked = { paths: ["src/a.ts"], sample: whole, equivalent: [] };
    const score = scoreOf(found, { ...asked, met: new Set(["1"]) });
    expect(score).toMatchObject({ tried: 2, noticed: 1, untried: 1, left: [{ to: "true" }] });
    expect(scoreOf(found, asked)).toMatchObject({ tried: 3, untried: 0 });
  });

  it("nothing to try is no fault", () => {
    expect(scoreOf(report, { paths: ["src/none"], sample: whole, equivalent: [] }).percent).toBe(100);
  });

  it("a plugin is held to less", () => {
    expect([goalOf("plugins/npm"), goalOf("src/gate")]).toEqual([80, 95]);
  });
});

describe("a sample", () => {
  const spots = Array.from({ length: 3000 }, (_, n) => ({
    file: "a.ts",
    mutatorName: "X",
    replacement: `${n}`,
    location: at(0, 0, 0, 3),
  }));

  it("is the same for the same seed, of about the size that is asked for, wherever lines count from", () => {
    const chosen = (seed: string) => spots.filter((one) => isInSample({ oneIn: 10, seed }, one));
    expect(chosen("1")).toEqual(chosen("1"));
    expect(chosen("1")).not.toEqual(chosen("2"));
    expect(Math.abs(chosen("1").length - 300)).toBeLessThan(80);
    const later = spots.map((one) => ({ ...one, location: at(1, 1, 1, 4) }));
    expect(later.filter((one) => isInSample({ oneIn: 10, seed: "1" }, one))).toHaveLength(chosen("1").length);
    expect(spots.every((one) => isInSample(whole, one))).toBe(true);
  });

  it("of several seeds is what any of them would try, in one run", () => {
    const chosen = (seed: string) => spots.filter((one) => isInSample({ oneIn: 10, seed }, one));
    const either = new Set([...chosen("1"), ...chosen("2")]);
    expect(chosen("1,2")).toEqual(spots.filter((one) => either.has(one)));
  });
});

describe("end-to-end tests about a mutant", () => {
  const there = (path: string) => existsSync(join(repositoryRoot(), path));

  it("each place of the table is there, and each test", () => {
    expect(Object.keys(REACHING).filter((path) => !there(path))).toEqual([]);
    const tests = new Set(Object.values(REACHING).flat());
    expect([...tests].filter((name) => !there(`test/${name}.test.ts`))).toEqual([]);
  });

  it("of each file of a plugin some are known, and no more than four", () => {
    const below = readdirSync(join(repositoryRoot(), "plugins"), { recursive: true, encoding: "utf8" });
    const files = below.filter((path) => path.endsWith(".ts")).map((path) => `plugins/${path.replaceAll("\\", "/")}`);
    expect(files.length).toBeGreaterThan(150);
    const strange = files.filter((file) => testsReaching(file).length === 0 || testsReaching(file).length > 4);
    expect(strange).toEqual([]);
  });

  it("the nearest place counts, then what covers the file and what guards it", () => {
    expect(testsReaching("plugins/npm/resolve/stage/stage.ts").slice(0, 2)).toEqual([
      "test/e2e/npm-install.test.ts",
      "test/attack/npm-install.test.ts",
    ]);
    expect(testsReaching("plugins/dotnet/add/add.ts")).toEqual(["test/e2e/dotnet-add.test.ts"]);
    expect(testsReaching("src/gate/gate.ts").every((test) => /^test\/(?:e2e|attack|contract)\//.test(test))).toBe(true);
  });
});
