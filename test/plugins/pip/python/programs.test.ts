import * as programs from "../../../../plugins/pip/python/programs.ts";
import { temporaryFolder } from "../../../support/folder.ts";
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";

const FOLDER = resolve(import.meta.dirname, "../../../../plugins/pip/python");
const parts = readdirSync(FOLDER).filter((name) => name.endsWith(".py"));
const textOf = (part: string) => readFileSync(join(FOLDER, part), "utf8");

/** The bytecode goes to a folder of its own: nothing is written beside the sources. */
function compile(file: string): void {
  const to = join(temporaryFolder(), "compiled.pyc");
  const code = "import py_compile, sys; py_compile.compile(sys.argv[1], cfile=sys.argv[2], doraise=True)";
  execFileSync("python3", ["-I", "-c", code, file, to], { stdio: "pipe" });
}

describe("the Python programs", () => {
  it.each(parts)("%s compiles", (part) => compile(join(FOLDER, part)));

  it.each(Object.entries(programs))("%s compiles as a whole, and begins with the guard", (name, text) => {
    const file = join(temporaryFolder(), `${name}.py`);
    writeFileSync(file, text);
    compile(file);
    expect(text.startsWith(textOf("guard.py"))).toBe(true);
  });

  it("use every part", () => {
    const all = Object.values(programs);
    expect(parts.filter((part) => !all.some((text) => text.includes(textOf(part))))).toEqual([]);
  });

  // Windows takes 32,767 characters for a command line, of which the program is one word.
  it.each(Object.entries(programs))("%s fits into a command line", (_, text) =>
    expect(text.replaceAll('"', '\\"').length).toBeLessThan(30_000),
  );
});

/** What `-I -S` programs say of names, against the interpreter of the test. */
function evaluate(parts: readonly string[], expression: string): unknown {
  const setup = "import json, os, sys\n";
  const code = `${setup}${parts.map(textOf).join("\n")}\nprint(json.dumps(${expression}))`;
  return JSON.parse(execFileSync("python3", ["-I", "-S", "-c", code], { encoding: "utf8" }));
}

describe("brought.py", () => {
  it.each([
    ["[console_scripts]\na = m:f\n# b = m:f\n; c = m:f\n[other]\nd = m:f\n", ["a"]],
    ["[gui_scripts]\nw=m:f\n", ["w"]],
    ["e = m:f\n", []],
  ])("the commands in %j", (text, expected) =>
    expect(evaluate(["brought.py"], `list(commands_in(${JSON.stringify(text)}))`)).toEqual(expected),
  );

  it("pip's own command has more names", () => {
    expect(evaluate(["brought.py"], 'list(commands_in("[console_scripts]\\npip = m:f"))')).toEqual(
      expect.arrayContaining(["pip", "pip3"]),
    );
  });
});

describe("replaced.py", () => {
  it.each([
    ["A.B_c", "a-b-c"],
    ["a--b", "a-b"],
  ])("the normal name of %s", (name, normal) =>
    expect(evaluate(["brought.py", "replaced.py"], `normal(${JSON.stringify(name)})`)).toBe(normal),
  );
});

describe("tamed.py", () => {
  it.each([
    ["plain", "plain"],
    ["a\u001bb", "a\\u{1b}b"],
    ["##[group]x", "#\\u{23}[group]x"],
    ["::error::x", "\\u{3a}:error::x"],
  ])("%j is shown as %j", (text, shown) => {
    const record = `logging.getLogRecordFactory()("n", 20, "f", 1, ${JSON.stringify(text)}, (), None).getMessage()`;
    expect(evaluate(["tamed.py"], record)).toBe(shown);
  });
});
