import { rivalsOf } from "../../../../plugins/pip/handoff/rivals.ts";
import { temporaryFolder } from "../../../support/folder.ts";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";

/** A library's folder that holds a wheel's files, and others. @returns what would be taken in their place */
async function rivals(wheel: readonly string[], others: readonly string[], shared = false): Promise<readonly string[]> {
  const library = temporaryFolder();
  for (const name of [...wheel, ...others]) {
    mkdirSync(dirname(join(library, name)), { recursive: true });
    writeFileSync(join(library, name), "");
  }
  const expected = wheel.map((file) => ({ name: "w", file, path: join(library, file), sha256: [] }));
  return (await rivalsOf(expected, shared)).map((path) => path.slice(library.length + 1));
}

const SO = ".cpython-311-x86_64-linux-gnu.so";

describe("what Python takes in a proven module's place", () => {
  it.each([
    ["a single file", ["six.py"], `six${SO}`],
    ["a single file", ["six.py"], "six.abi3.so"],
    ["a single file", ["six.py"], "six.so"],
    ["a single file", ["six.py"], "six.cp311-win_amd64.pyd"],
    ["a single file", ["six.py"], "six/__init__.py"],
    ["a single file", ["six.py"], "six/__init__.pyc"],
    ["a single file", ["six.py"], `six/__init__${SO}`],
    ["an extension module", [`fast${SO}`], "fast/__init__.py"],
    ["an extension module", ["fast.so"], `fast${SO}`],
    ["a package", ["pkg/__init__.py"], `pkg/__init__${SO}`],
    ["a module of a package", ["pkg/__init__.py", "pkg/core.py"], `pkg/core${SO}`],
    ["a module of a package", ["pkg/__init__.py", "pkg/core.py"], "pkg/core/__init__.py"],
    ["a namespace", ["ns/deep/mod.py"], "ns.py"],
    ["a namespace", ["ns/deep/mod.py"], `ns${SO}`],
    ["a namespace", ["ns/deep/mod.py"], "ns/deep.pyc"],
  ])("of %s (%j): %s", async (_, wheel, rival) => {
    expect(await rivals(wheel, [rival])).toEqual([rival]);
  });

  it("is nothing that the wheels bring themselves, or that Python comes to later", async () => {
    expect(await rivals(["md.py", `md${SO}`, "pkg/__init__.py"], ["pkg.py", `pkg${SO}`])).toEqual([]);
    expect(await rivals(["six.py"], ["six/readme.txt", "six.pyi", "sixty.py", `sixty${SO}`, "six.dist/a.so"])).toEqual(
      [],
    );
    expect(await rivals([`fast${SO}`], ["fast.py", "fast.pyc"])).toEqual([]);
    expect(await rivals(["ns/mod.py"], ["ns/other.py", "ns/other.so"])).toEqual([]);
    expect(await rivals(["w-1.data/purelib/six.py"], [])).toEqual([]);
  });

  const OF_39 = "fast.cpython-39-x86_64-linux-gnu.so";
  it.each<readonly [string, readonly string[], readonly string[], readonly string[]]>([
    [
      "another interpreter's, in a target",
      [`fast${SO}`],
      [OF_39, "fast.cp312-win_amd64.pyd", "fast.pypy39-pp73-darwin.so"],
      [],
    ],
    [
      "what this one takes first where it is one with checks",
      [`fast${SO}`, OF_39],
      ["fast.cpython-311d-x86_64-linux-gnu.so"],
      ["fast.cpython-311d-x86_64-linux-gnu.so"],
    ],
    ["what every interpreter takes", [`fast${SO}`], ["fast.so", "fast.abi3.so"], ["fast.abi3.so", "fast.so"]],
    ["another interpreter's beside what this one takes", [`fast${SO}`, "fast.py"], [OF_39], [OF_39]],
    ["another interpreter's beside what every one takes", ["fast.abi3.so"], [OF_39], [OF_39]],
  ])("of an extension module: %s", async (_, wheel, others, found) => {
    expect(await rivals(wheel, others, true)).toEqual(found);
    expect(await rivals(wheel, others)).toEqual(others.toSorted());
  });

  it("also by way of a link", async () => {
    const library = temporaryFolder();
    mkdirSync(join(library, "elsewhere"));
    writeFileSync(join(library, "elsewhere/__init__.py"), "");
    writeFileSync(join(library, "six.py"), "");
    symlinkSync(join(library, "elsewhere"), join(library, "six"));
    const expected = [{ name: "six", file: "six.py", path: join(library, "six.py"), sha256: [] }];
    expect(await rivalsOf(expected)).toEqual([join(library, "six/__init__.py")]);
  });
});
