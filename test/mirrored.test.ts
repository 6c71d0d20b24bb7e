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
  /^test\/(?:attack|contract|docs|e2e|real|long|ci|guards|lint|schema|support|tools)\/|^test\/(?:hygiene|mirrored)\./;

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

  it("a test that runs the program runs one in which it is, with the installer that it belongs to", () => {
    const program = reachedFrom("src/bin.ts");
    const whole = Object.entries(COVERED).filter(([source, test]) => source.endsWith(".ts") && WHOLE.test(test));
    const idle = whole.filter(([source, test]) => !reachedFrom(test).has(source) && !isRunBy(source, test, program));
    expect(idle).toEqual([]);
  });

  it.each([
    ["plugins/npm/part.ts", "test/e2e/pip.test.ts"],
    ["plugins/dotnet/part.ts", "test/attack/pip.test.ts"],
    ["src/commands/install.ts", "test/hygiene.test.ts"],
    ["src/no-such-file.ts", "test/e2e/npm-install.test.ts"],
  ])("and would see that %s is not run by %s", (source, test) =>
    expect(isRunBy(source, test, reachedFrom("src/bin.ts"))).toBe(false),
  );

  it("each test lies where a source file lies", () => {
    const astray = tests.filter((path) => !WHOLE.test(path) && !sources.some((source) => isTestOf(path, source)));
    expect(astray).toEqual([]);
  });
});

describe("rooms", () => {
  it("no folder holds more than twenty files", () => {
    expect(crowdedIn(sources)).toEqual([]);
  });

  it("and would see one, however deep", () => {
    const files = (folder: string, count: number) => Array.from({ length: count }, (_, at) => `${folder}/${at}.ts`);
    const twenty = [...files("src/gate", 20), ...files("plugins/npm/exec", 20), ...files("src", 20)];
    expect(crowdedIn(twenty)).toEqual([]);
    expect(crowdedIn([...twenty, "plugins/npm/exec/one-more.py"])).toEqual(["plugins/npm/exec"]);
  });
});

function crowdedIn(paths: readonly string[]): readonly string[] {
  const folders = paths.map((path) => dirname(path));
  return [...new Set(folders)].filter((one) => folders.filter((folder) => folder === one).length > 20);
}

/** Words by which a test starts an installer. */
const STARTS: Readonly<Record<string, RegExp>> = {
  npm: /["'`\s](?:npm|npx)\b/,
  pip: /["'`.\s]pip\b/,
  dotnet: /["'`.\s]dotnet\b/i,
};

/** It starts the program as it is shipped, of which the file is a part; a plugin's, by words that lead to it. */
function isRunBy(source: string, test: string, program: ReadonlySet<string>): boolean {
  const loaded = [...reachedFrom(test)].filter((path) => path.startsWith("test/")).map(textOf);
  const [, plugin] = /^plugins\/([^/]+)\//.exec(source) ?? [];
  const words = plugin === undefined ? /./ : (STARTS[plugin] ?? /(?!)/);
  return program.has(source) && loaded.some((text) => /bin\.js/.test(text)) && words.test(textOf(test));
}

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
