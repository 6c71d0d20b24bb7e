import * as programs from "../../../../plugins/pip/python/programs.ts";
import { temporaryFolder } from "../../../support/folder.ts";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";

const FOLDER = resolve(import.meta.dirname, "../../../../plugins/pip/python");
const parts = readdirSync(FOLDER, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".py"));
const textOf = (part: string) => readFileSync(join(FOLDER, part), "utf8");

/** The bytecode goes to a folder of its own: nothing is written beside the sources. */
function compile(file: string): void {
  const to = join(temporaryFolder(), "compiled.pyc");
  const code = "import py_compile, sys; py_compile.compile(sys.argv[1], cfile=sys.argv[2], doraise=True)";
  execFileSync("python3", ["-I", "-c", code, file, to], { stdio: "pipe" });
}

describe("the Python programs", () => {
  it.each(parts)("%s compiles", (part) => compile(join(FOLDER, part)));

  // What passes by the gate is the user's own pip, on whatever it names.
  it.each(Object.entries(programs))("%s compiles as a whole, and begins with the guard", (name, text) => {
    const file = join(temporaryFolder(), `${name}.py`);
    writeFileSync(file, text);
    compile(file);
    expect(text.startsWith(textOf("guard.py"))).toBe(name !== "PASSING");
  });

  it("use every part", () => {
    const all = Object.values(programs);
    expect(parts.filter((part) => !all.some((text) => text.includes(textOf(part))))).toEqual([]);
  });

  // Windows takes 32,767 characters for a command line, of which that program is one word; the others are files.
  it("fits into a command line where it is one", () =>
    expect(programs.PASSING.replaceAll('"', '\\"').length).toBeLessThan(30_000));
});

describe("guard.py", () => {
  const say = (body: string) => `try:\n    ${body}\n    print("did")\nexcept OSError as error:\n    print(error)\n`;
  it.each([
    ["a child process", "child process refused", 'import subprocess; subprocess.run(["true"])'],
    ["a shell", "child process refused", 'os.system("true")'],
    ["a copy of itself", "child process refused", "os._exit(0) if os.fork() == 0 else os.wait()"],
    ["an address", "network refused", 'import socket; socket.create_connection(("127.0.0.1", 9))'],
    ["a name", "network refused", 'import socket; socket.getaddrinfo("localhost", 80)'],
  ])("refuses %s", (_, refused, body) => {
    const folder = temporaryFolder();
    const job = join(folder, "job.json");
    writeFileSync(job, JSON.stringify({ project: folder, answer: join(folder, "answer"), offline: true }));
    const words = ["-I", "-S", "-c", `${textOf("guard.py")}\n${say(body)}`, job];
    expect(execFileSync("python3", words, { encoding: "utf8" })).toContain(refused);
  });
});

it("a Python that has no audit hooks runs nothing behind the guard, and says how old it is", () => {
  const folder = temporaryFolder();
  const [job, answer] = [join(folder, "job.json"), join(folder, "answer")];
  writeFileSync(job, JSON.stringify({ project: folder, answer, offline: true }));
  const old = "import sys; del sys.addaudithook; sys.version_info = (3, 7, 16)";
  const words = ["-I", "-S", "-c", `${old}\n${textOf("guard.py")}\nprint("ran")`, job];
  expect(execFileSync("python3", words, { encoding: "utf8" })).toBe("");
  expect(JSON.parse(readFileSync(answer, "utf8"))).toEqual({ tooOld: "3.7.16" });
});

it("pip that passes by the gate is none of the working directory, where Python has no safe path (before 3.11)", () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "pip.py"), 'open("ran", "w")\n');
  const { PYTHONSAFEPATH: _, ...env } = process.env;
  spawnSync("python3", ["-c", programs.PASSING, "--version"], { cwd: folder, env });
  expect(readdirSync(folder)).toEqual(["pip.py"]);
});

/** What `-I -S` programs say of names, against the interpreter of the test. */
function evaluate(parts: readonly string[], expression: string): unknown {
  const setup = "import json, os, sys\n";
  const code = `${setup}${parts.map(textOf).join("\n")}\nprint(json.dumps(${expression}))`;
  return JSON.parse(execFileSync("python3", ["-I", "-S", "-c", code], { encoding: "utf8" }));
}

describe("plan/brought.py", () => {
  it.each([
    ["[console_scripts]\na = m:f\n# b = m:f\n[other]\nd = m:f\n", ["a"]],
    // Readers of entry points differ: what is a command to any of them counts.
    ["[console_scripts]\n; c = m:f\n[x = m:f\n../y = m:f\n", ["; c", "[x", "../y"]],
    ["[console_scripts] ; one\na = m:f\n[other] ; two\nb = m:f\n", ["a", "b"]],
    ["[gui_scripts]\nw=m:f\n", ["w"]],
    ["e = m:f\n", []],
  ])("the commands in %j", (text, expected) =>
    expect(evaluate(["plan/brought.py"], `list(commands_in(${JSON.stringify(text)}))`)).toEqual(expected),
  );

  it("bytecode of a source is that of any interpreter, in any letters", () => {
    const folder = temporaryFolder();
    const cache = join(folder, "__pycache__");
    mkdirSync(cache);
    const stale = ["six.cpython-311.pyc", "Six.CPYTHON-311.pyc", "six.cpython-38.opt-1.PYC"];
    for (const name of [...stale, "sixty.cpython-311.pyc", "six.cpython-311.txt"]) writeFileSync(join(cache, name), "");
    const found = evaluate(["plan/brought.py"], `stale_of(${JSON.stringify(join(folder, "six.py"))})`);
    expect(new Set(found as string[])).toEqual(new Set(stale.map((name) => join(cache, name))));
  });

  it("pip's own command has more names", () => {
    expect(evaluate(["plan/brought.py"], 'list(commands_in("[console_scripts]\\npip = m:f"))')).toEqual(
      expect.arrayContaining(["pip", "pip3"]),
    );
  });
});

describe("plan/started.py", () => {
  const scheme = `{"purelib": "/V/lib/python3/site-packages", "platlib": "/V/lib64/python3/site-packages", "scripts": "/V/bin", "data": "/V"}`;
  const below = "_below = lambda path, folder: path == folder or path.startswith(os.path.join(folder, ''))";
  /** Those of these ways of which it says yes: one process for all. */
  const among = (call: string, ways: readonly string[]) =>
    evaluate(
      ["plan/started.py"],
      `[exec(${JSON.stringify(below)}, globals()), [way for way in ${JSON.stringify(ways)} if ${call}]][1]`,
    );

  const STARTING = [
    "bin/python",
    "bin/Python3.13t",
    "bin/pypy3",
    "bin/pyvenv.cfg",
    "pyvenv.cfg",
    "bin/python3._pth",
    "bin/pybuilddir.txt",
    "bin/Modules/Setup.local",
    "lib/libpython3.11.so.1.0",
    "lib64/libpython3.so",
    "lib/x86_64-linux-gnu/libpython3.13t.so.1.0",
    "lib/libc.so.6",
    "bin/vcruntime140.dll",
    "python311.dll",
    "lib/libpypy3.10-c.so",
    "python.exe._pth",
  ];
  const PIP = [
    "lib/python3/site-packages/pip/_internal/x.py",
    "lib64/python3/site-packages/PIP/__init__.py",
    "bin/pip",
    "lib/python3/site-packages/pip.py",
    "lib/python3/site-packages/pip.cpython-311-x86_64-linux-gnu.so",
    "bin/pip3.11",
    "bin/pip-script.py",
  ];
  const NEITHER = [
    "bin/python-argcomplete-check",
    "bin/pip-compile",
    "bin/pipenv",
    "bin/pip-sync",
    "share/python",
    "lib/libomp.so",
    "lib/python3/site-packages/Cython/Debugger/libpython.py",
    "lib/python3/site-packages/tests/pyvenv.cfg",
    "lib/python3/site-packages/x.libs/libpython3.11-1a2b.so.1.0",
    "lib/python3/site-packages/python",
    "lib/python3/x.py",
    "lib/libmkl_core.so.2",
    "lib/python3/site-packages/pipx/main.py",
    "lib/python3/site-packages/pip_tools.py",
  ];
  const ALL = [...STARTING, ...PIP, ...NEITHER];

  it("what starts an environment", () => expect(among(`starts("/V/" + way, ${scheme})`, ALL)).toEqual(STARTING));

  it("what is pip", () => expect(among(`is_pip("/V/" + way, ${scheme})`, ALL)).toEqual(PIP));

  it("the library of an interpreter that is no virtual environment's, but for what is installed in it", () => {
    const library = "os.path.dirname(os.__file__)";
    const own = `dict(purelib=${library} + "/site-packages", platlib=${library} + "/site-packages", scripts="/x", data="/x")`;
    const version = `"%d%d" % sys.version_info[:2]`;
    const path = `os.path.normpath(os.path.join(${library}, way.replace("XY", ${version})))`;
    const inside = ["os.py", "lib-dynload/_ssl.so", "encodings/__init__.py", "../pythonXY.zip", "../PYTHONXY.zip/any"];
    expect(among(`starts(${path}, ${own})`, [...inside, "site-packages/any.py"])).toEqual(inside);
  });
});

describe("plan/replaced.py", () => {
  it.each([
    ["A.B_c", "a-b-c"],
    ["a--b", "a-b"],
  ])("the normal name of %s", (name, normal) =>
    expect(evaluate(["plan/brought.py", "plan/replaced.py"], `normal(${JSON.stringify(name)})`)).toBe(normal),
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
