import npmDefinitions from "@npmcli/config/lib/definitions/index.js";
import { execFileSync } from "node:child_process";
import { readFileSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";

const ROOT = resolve(import.meta.dirname, "..");
const files = execFileSync("git", ["ls-files"], { cwd: ROOT, encoding: "utf8" })
  .split("\n")
  .filter((path) => path !== "" && !path.startsWith("fixtures/projects/npm/stacks/"));
const textOf = (path: string) => readFileSync(resolve(ROOT, path), "utf8");

describe("the repository", () => {
  it("names no registry's host: npm's default comes from npm's own configuration", () => {
    const host = new URL(String(npmDefinitions.definitions["registry"]?.default)).hostname;
    expect(host).toContain(".");
    expect(files.filter((path) => textOf(path).includes(host))).toEqual([]);
  });

  it("has a lockfile without download addresses", () => {
    expect(textOf("package-lock.json")).not.toContain('"resolved"');
  });

  it("has no source file over 9 kB", () => {
    const sources = files.filter((path) => /^(src|plugins)\/.*\.ts$/.test(path));
    expect(sources.filter((path) => statSync(resolve(ROOT, path)).size > 9000)).toEqual([]);
  });

  // A change may bring a link under any name.
  it("writes what a person names through one helper", () => {
    const sources = files.filter((path) => /^src\/(?:report|commands|cli|gate)\b.*\.ts$/.test(path));
    const writes =
      /\b(?:writeFile(?:Atomic|Sync)?|appendFile(?:Sync)?|appendWhole|createWriteStream|copyFile|rename)\(/;
    expect(sources.filter((path) => writes.test(textOf(path)))).toEqual([]);
  });

  // Another user may lie in wait there: `host.temporary` alone makes folders in it, under names that nobody can know.
  it("keeps nothing in the shared temporary folder, and no compiled code anywhere", () => {
    const sources = files.filter((path) => /^(src|plugins)\/.*\.(?:ts|py)$/.test(path));
    const reaches = /enableCompileCache|tmpdir\(|tempfile|["'`]\/(?:var\/)?tmp\b|\.(?:TMPDIR|TEMP|TMP)\b/;
    const found = sources.filter((path) => reaches.test(textOf(path).replaceAll(/^ *(?:\*|\/\*\*|\/\/|#).*$/gm, "")));
    expect(found).toEqual(["src/io/host.ts"]);
  });

  // What an installer does otherwise is a word of its table; what an ecosystem says of names and versions, of its entry.
  it("asks nowhere in src which ecosystem it is", () => {
    const sources = files.filter((path) => /^src\/(?!ecosystems\/|help).*\.ts$/.test(path));
    const found = sources.flatMap((path) => askedIn(textOf(path)).map((line) => `${path}: ${line}`));
    // A kind of key, and the lines of the closed table.
    const known = [
      /^src\/policy\/signers\/nuget\.ts: .*signer\.usage !== `nuget:\$\{kind\}`/,
      /^src\/plugins\.ts: .*load: async \(\) => \(await import\("[^"]+"\)\)\.\w+,?/,
    ];
    expect(found.filter((line) => !known.some((one) => one.test(line)))).toEqual([]);
  });

  it.each([
    'if (ecosystem === "npm")',
    'return "npm" !== name;',
    'first.startsWith("npm:")',
    'purl.startsWith("pkg:nuget/")',
    "case 'pypi':",
    "if (key === `dotnet:${name}`)",
    '["npm", "pip"].includes("pip3")',
    "return /^(?:npm|yarn)$/.test(name);",
    "tables[name].npm.sources",
    'sources["npm"]',
    'const name = program[0] === "npx" ? "npx" : installer;',
  ])("and would see %s", (line) => expect(askedIn(line)).toEqual([line]));

  it.each(["  // npm sees it so", "   * as pip === pip", 'import { npm } from "./npm.ts";', 'hint: "run npm install"'])(
    "but not %s",
    (line) => expect(askedIn(line)).toEqual([]),
  );

  // One name means one thing in the whole house.
  it("exports no two types of one name, and has no name for more than three", () => {
    const sources = files.filter((path) => /^(src|plugins)\/.*\.ts$/.test(path));
    const types = sources.flatMap((path) => typesIn(textOf(path)));
    const exported = types.filter(({ isExported }) => isExported).map(({ name }) => name);
    expect(exported.filter((name, at) => exported.indexOf(name) !== at)).toEqual([]);
    const names = types.map(({ name }) => name);
    expect([...new Set(names)].filter((one) => names.filter((name) => name === one).length > 3)).toEqual([]);
  });

  it.each([
    ["export interface Wish {", true],
    ["export type Wish = string;", true],
    ["export type Wish<T> = T;", true],
    ["interface Wish extends Other {", false],
    ["type Wish = Other;", false],
  ])("and would see %s", (line, isExported) =>
    expect(typesIn(`import x from "y";\n${line}\n`)).toEqual([{ name: "Wish", isExported }]),
  );

  // What is remembered belongs to one run and is passed along: two runs in one process share nothing.
  // Within an object that is matched, a pattern in the place of a text fits every text there is.
  it("matches texts in tests by expect.stringMatching, not by a pattern in their place", () => {
    const tests = files.filter((path) => /^test\/.*\.test\.ts$/.test(path));
    const bare = /\b(?:toMatchObject|objectContaining)\([^()]*\w: \/(?![/*])/;
    expect(tests.filter((path) => path !== "test/hygiene.test.ts" && bare.test(textOf(path)))).toEqual([]);
  });

  it("keeps no state at module level", () => {
    const sources = files.filter((path) => /^(src|plugins)\/.*\.ts$/.test(path));
    const found = sources.flatMap((path) => stateIn(textOf(path)).map((line) => `${path}: ${line}`));
    expect(found).toEqual([]);
  });

  it.each([
    "let count = 0;",
    "export let count = 0;",
    "var count = 0;",
    "const known = new WeakMap<object, string>();",
    "const seen: ReadonlySet<string> = new WeakSet();",
    "const known = new Map<string, string>();",
    'const names = new Set(["a"]);',
    "const known: Map<string, string> = new Map();",
    "export const lines: string[] = [];",
    "const known: Record<string, string> = {};",
  ])("and would see %s", (line) => expect(stateIn(`import x from "y";\n${line}\n`)).toEqual([line]));

  it.each([
    'const NAMES: ReadonlySet<string> = new Set(["a"]);',
    "export const WORDS: ReadonlyMap<string, string> = new Map([",
    "const NONE: readonly string[] = [];",
    "  const known = new Map();",
  ])("but not %s", (line) => expect(stateIn(line)).toEqual([]));
});

/** What code asks of a name: compared, looked for in or at the start of a text, or picked out of a record. */
const ECOSYSTEM = "(?:npm|npx|nuget|pypi|pip3?|dotnet)\\b";
const ASKED = [
  `(?:[=!]==? |case |\\b(?:startsWith|endsWith|includes|has|get|indexOf)\\(|[\\w)\\]]\\[)["'\`](?:pkg:)?${ECOSYSTEM}`,
  `["'\`]${ECOSYSTEM}[^"'\`]*["'\`] [=!]==? `,
  `/[^/]*\\b${ECOSYSTEM}[^/]*/[a-z]*\\.(?:test|exec)\\(`,
  `[\\w)\\]]\\??\\.${ECOSYSTEM}(?!\\.(?:ts|org))`,
].map((one) => new RegExp(one));

/** Lines of code that decide by the name of an ecosystem or installer. */
function askedIn(text: string): readonly string[] {
  const lines = text.split("\n").filter((line) => !/^\s*(?:\/\*\*|\*|\/\/|import )/.test(line));
  return lines.filter((line) => ASKED.some((shape) => shape.test(line))).map((line) => line.trim());
}

function typesIn(text: string): readonly { readonly name: string; readonly isExported: boolean }[] {
  const found = text.matchAll(/^(export )?(?:declare )?(?:interface|type|enum|class) (\w+)/gm);
  return [...found].map(([, keyword, name = ""]) => ({ name, isExported: keyword !== undefined }));
}

/** Lines at the margin that make something which could change. */
function stateIn(text: string): readonly string[] {
  return text.split("\n").filter((line) => {
    const [, keyword, type = "", value = ""] =
      /^(?:export )?(const|let|var) \w+(?:: ([^=]+?))? = (.*)$/.exec(line) ?? [];
    if (keyword === undefined) return /^(?:export )?(?:let|var) /.test(line);
    const isCollection = /^new (?:Weak)?(?:Map|Set)\b/.test(value) || /^(?:\[\]|\{\});$/.test(value);
    return keyword !== "const" || value.startsWith("new Weak") || (isCollection && !/^(?:R|r)eadonly/.test(type));
  });
}
