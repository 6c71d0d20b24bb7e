import { isRequirements, table } from "../../../plugins/pip/table.ts";
import { expect, test } from "vitest";

test.each([
  ["pip install x", 1],
  ["pip3 x", 1],
  ["pip3.12", 1],
  ["pip12.exe", 1],
  [".venv/bin/pip install", 1],
  [String.raw`C:\venv\Scripts\pip.exe`, 1],
  ["python -m pip install", 3],
  ["python3.12 -m pip", 3],
  ["pypy3 -m pip", 3],
  ["py.exe -m pip", 3],
  ["/usr/bin/python3 -m pip", 3],
  ["python -m pipx", 0],
  ["python -c pip", 0],
  ["ruby -m pip", 0],
  ["pipx install", 0],
  ["mypip", 0],
  ["pip-tools", 0],
  ["pip3.12.1", 0],
  ["pythonw -m pip", 0],
  ["", 0],
])("%s: %d words name pip", (line, count) => expect(table.typed(line.split(" "))).toBe(count));

test("a folder is installed by pip from the lock that pip reads", () => {
  expect(table.lockedInstall(["requirements.txt", "pylock.toml"])).toEqual(["install", "-r", "pylock.toml"]);
  expect(table.lockedInstall(["x", "requirements.txt"])).toEqual([
    "install",
    "--require-hashes",
    "-r",
    "requirements.txt",
  ]);
  expect(table.lockedInstall(["uv.lock", "requirements-dev.txt"])).toBeNull();
});

test.each([
  ["pylock.toml", true],
  ["uv.lock", true],
  ["poetry.lock", true],
  ["Pipfile.lock", true],
  ["requirements.txt", true],
  ["pylock.dev.toml", false],
  ["requirements-dev.txt", false],
  ["dev-requirements.txt", false],
  ["pylock.a.b.toml", undefined],
  ["xpylock.toml", undefined],
  ["uv.lock.orig", undefined],
  ["myuv.lock", undefined],
  ["notes.txt", undefined],
])("%s is looked for (true), a lock when it is named (false), or none: %s", (name, expected) => {
  const lock = table.locks.find((one) => one.below === undefined && one.name.test(name));
  expect(lock?.found).toBe(expected);
});

test("in a folder for requirements each text is a lock", () => {
  const below = table.locks.filter((one) => one.below === "requirements").map(({ name }) => name);
  expect(below.map((one) => ["dev.txt", "deep/dev.txt", "dev.in"].map((name) => one.test(name)))).toEqual([
    [true, false, false],
  ]);
});

test.each([
  ["requirements.txt", true],
  ["dir/constraints.in", true],
  ["requirements.txt.orig", false],
  ["pylock.toml", false],
  ["txt", false],
])("%s is for pip's own parser: %s", (name, expected) => expect(isRequirements(name)).toBe(expected));

test.each([
  ["pyproject.toml", true],
  ["pip.conf", true],
  ["pip.ini", true],
  ["dev-requirements.txt", true],
  ["constraints.in", true],
  ["xpyproject.toml", false],
  ["pyproject.toml.orig", false],
  ["mypip.conf", false],
  ["pip.config", false],
  ["notes.txt", false],
  ["sub/requirements.txt", false],
])("%s is a manifest: %s", (name, expected) => {
  expect(table.manifests.some((one) => one.test(name))).toBe(expected);
});
