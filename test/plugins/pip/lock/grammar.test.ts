import { isFolderName, isMarker } from "../../../../plugins/pip/lock/grammar.ts";
import { describe, expect, it } from "vitest";

describe("markers (PEP 508)", () => {
  it.each([
    "python_version > '3'",
    'python_full_version < "3.12" and (sys_platform == "win32" or extra == "a")',
    "((os_name=='nt'))",
    "'linux' in sys_platform",
    "sys_platform not in 'win32, cygwin'",
    "platform_python_implementation != 'PyPy' ",
    "'dev' in dependency_groups",
    "python_version ~= '3.8' or implementation_name === 'cpython'",
    "platform.machine == 'x86_64'",
  ])("%s", (text) => {
    expect(isMarker(text)).toBe(true);
  });

  it.each([
    "",
    "python_version",
    "python_version > '3' and",
    "python_version > '3' 'x'",
    "python_version > '3' --hash=sha256:00",
    "python_version > '3 --hash=sha256:00'",
    "python_version > '3 #'",
    "python_version > '3'\n-r x",
    "python_version\t> '3'",
    "python_version > '${HOME}'",
    "python_version > '3' # x",
    "python_version > '3'; x",
    "(python_version > '3'",
    "python_version > '3')",
    "mine == 'x'",
    "python_version not '3'",
    "python_version > '3\\'",
    `${"(".repeat(10_000)}os_name == 'x'${")".repeat(10_000)}`,
  ])("%j is none", (text) => {
    expect(isMarker(text)).toBe(false);
  });

  it("a long one is read once", () => {
    expect(isMarker(Array.from({ length: 20_000 }, () => "os_name == 'x'").join(" or "))).toBe(true);
  });
});

describe("folders", () => {
  it.each([".", "./x", "../x", "packages/a.b_c-d", "größe"])("%s", (path) => {
    expect(isFolderName(path)).toBe(true);
  });

  it.each([
    "",
    "/x",
    "~x",
    "-e",
    "C:x",
    "https://x",
    "a b",
    "a\u00a0b",
    "a\nb",
    "a#b",
    "a;b",
    "a@b",
    "a\\b",
    "a[b]",
    "$X",
  ])("%j is none", (path) => {
    expect(isFolderName(path)).toBe(false);
  });
});
