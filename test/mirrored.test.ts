import { COVERED } from "./covered.ts";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, posix, resolve } from "node:path";
import { describe, expect, it } from "vitest";

const ROOT = resolve(import.meta.dirname, "..");
const textOf = (path: string) => readFileSync(join(ROOT, path), "utf8");
const listed = (folder: string) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" }).map((path) =>
    posix.join(folder, path.replaceAll("\\", "/")),
  );
const sources = ["src", "plugins"].flatMap(listed).filter((path) => /\.(?:ts|py)$/.test(path));
const tests = listed("test").filter((path) => path.endsWith(".test.ts"));

/** Tests of the program as a whole, and of the repository itself: they mirror no file. */
const WHOLE =
  /^test\/(?:attack|contract|e2e|real|long|ci|guards|lint|schema|support|tools)\/|^test\/(?:hygiene|mirrored)\./;

describe("each source file has its test where a reader looks for it", () => {
  it("at the mirrored place, or named in test/covered.ts", () => {
    const without = sources.filter((path) => hasCode(path) && !hasOwnTest(path) && !(path in COVERED));
    expect(without).toEqual([]);
  });

  it("test/covered.ts names files and tests that are there, and none that has its own", () => {
    const entries = Object.entries(COVERED);
    expect(entries.filter(([source, test]) => !existsSync(join(ROOT, source)) || !tests.includes(test))).toEqual([]);
    expect(entries.filter(([source]) => hasOwnTest(source))).toEqual([]);
  });

  it("a test that runs no program loads what it is said to cover", () => {
    const inside = Object.entries(COVERED).filter(([source, test]) => source.endsWith(".ts") && !WHOLE.test(test));
    expect(inside.filter(([source, test]) => !reachedFrom(test).has(source))).toEqual([]);
  });

  it("each test lies where a source file lies", () => {
    const astray = tests.filter((path) => !WHOLE.test(path) && !sources.some((source) => isTestOf(path, source)));
    expect(astray).toEqual([]);
  });
});

describe("rooms", () => {
  it("no folder holds more than twenty files", () => {
    const folders = sources.map((path) => dirname(path));
    const crowded = [...new Set(folders)].filter((one) => folders.filter((folder) => folder === one).length > 20);
    expect(crowded).toEqual([]);
  });
});

function hasOwnTest(source: string): boolean {
  return tests.some((path) => isTestOf(path, source));
}

/** `decide.test.ts`, and `decide.scripts.test.ts` beside it, are about `decide.ts`. */
function isTestOf(test: string, source: string): boolean {
  const mirrored = `test/${source.replace(/^src\//, "").replace(/\.(?:ts|py)$/, "")}.`;
  return test.startsWith(mirrored) && !test.slice(mirrored.length).includes("/");
}

function hasCode(path: string): boolean {
  return path.endsWith(".py") || /^(?:export )?(?:async )?(?:function|const|class)\b|^await\b/m.test(textOf(path));
}

/** What is imported when the test runs, directly or not. */
function reachedFrom(test: string): ReadonlySet<string> {
  const reached = new Set([test]);
  for (const path of reached) for (const one of importsOf(path)) reached.add(one);
  return reached;
}

function importsOf(path: string): readonly string[] {
  const found = textOf(path).matchAll(/(?:^(?:import|export) (?!type\b)[^;]*?from |import\()"(\.[^"]+)"/gm);
  return [...found]
    .map(([, spec = ""]) => posix.join(posix.dirname(path), spec))
    .filter((one) => one.endsWith(".ts") && existsSync(join(ROOT, one)));
}
