import type { LockedFile } from "../../../../plugins/pip/lock/locked.ts";
import { unlockedBeside } from "../../../../plugins/pip/lock/unlocked.ts";
import { describe, expect, it } from "vitest";

const file = (name: string, filename: string): LockedFile => ({
  name,
  version: "1",
  filename,
  url: null,
  digests: [],
  index: null,
});
const FILES = [
  file("Widget_A", "widget_a-1-py3-none-any.whl"),
  file("Widget_A", "widget_a-1.tar.gz"),
  file("b", "b-1-py3-none-any.whl"),
];

async function named(lock: string, settings: Readonly<Record<string, string>>) {
  const read = async (path: string) => {
    const text = settings[path.slice("/x/".length)];
    return text === undefined ? null : Buffer.from(text);
  };
  const found = await unlockedBeside(`/x/${lock}`, FILES, { read });
  expect(found.every(({ kind, detail }) => kind === "unlocked" && detail !== undefined)).toBe(true);
  return found.map(({ name }) => name);
}

const A = (where: string) => `what builds Widget_A 1 (no-binary of ${where})`;
const B = (where: string) => `what builds b 1 (no-binary of ${where})`;

describe("what a lock's tool runs although no lock holds it", () => {
  it.each([
    ["uv.lock", "pyproject.toml", '[tool.uv]\nno-binary-package = ["widget-a", "elsewhere"]', [A("pyproject.toml")]],
    ["uv.lock", "pyproject.toml", "[tool.uv]\nno-binary = true", [A("pyproject.toml"), B("pyproject.toml")]],
    ["uv.lock", "pyproject.toml", "[tool.uv]\nno-binary = false", []],
    ["uv.lock", "uv.toml", 'no-binary-package = ["b"]', [B("uv.toml")]],
    ["uv.lock", "pyproject.toml", "\uFEFF[tool.uv]\nno-binary = true", [A("pyproject.toml"), B("pyproject.toml")]],
    ["uv.lock", "pyproject.toml", "[project]\n", []],
    ["uv.lock", "pyproject.toml", '[tool.poetry.requires-plugins]\nplugx = "*"', []],
    ["poetry.lock", "poetry.toml", '[installer]\nno-binary = "b, Widget.A"', [A("poetry.toml"), B("poetry.toml")]],
    ["poetry.lock", "poetry.toml", '[installer]\nno-binary = ":all:"', [A("poetry.toml"), B("poetry.toml")]],
    ["poetry.lock", "poetry.toml", '[installer]\nonly-binary = "b"', []],
    [
      "poetry.lock",
      "pyproject.toml",
      '[tool.poetry.requires-plugins]\nplugx = ">=1"\nconstructor = { path = "p" }',
      ["Poetry's plugin plugx (requires-plugins)", "Poetry's plugin constructor (requires-plugins)"],
    ],
    ["poetry.lock", "pyproject.toml", "[project]\n", []],
    ["Pipfile.lock", "pyproject.toml", "[tool.uv]\nno-binary = true", []],
    [
      "Pipfile.lock",
      "Pipfile",
      '[build-system]\nrequires = ["stwrapper", "setuptools>=40"]',
      [
        "pipenv's build requirement stwrapper ([build-system] of Pipfile)",
        "pipenv's build requirement setuptools>=40 ([build-system] of Pipfile)",
      ],
    ],
    ["Pipfile.lock", "Pipfile", '[packages]\nwidget = "*"', []],
    ["Pipfile.lock", "Pipfile", "[build-system]\nrequires = []", []],
  ])("%s: %s: %j", async (lock, name, text, expected) => {
    expect(await named(lock, { [name]: text })).toEqual(expected);
  });

  it.each([
    ["uv.lock", "pyproject.toml", "[tool.uv"],
    ["uv.lock", "pyproject.toml", "[tool.uv]\nno-binary-package = [1]"],
    ["uv.lock", "pyproject.toml", "[tool.uv]\nno-binary = 1"],
    ["uv.lock", "uv.toml", "no-binary-package = { a = 1 }"],
    ["poetry.lock", "pyproject.toml", "= 1"],
    ["poetry.lock", "pyproject.toml", '[tool.poetry]\nrequires-plugins = ["plugx"]'],
    ["poetry.lock", "poetry.toml", "[installer]\nno-binary = 1"],
    ["Pipfile.lock", "Pipfile", "[build-system"],
    ["Pipfile.lock", "Pipfile", '[build-system]\nrequires = "stwrapper"'],
    ["Pipfile.lock", "Pipfile", "[build-system]\nrequires = [1]"],
  ])("%s: %s: what cannot be read is named, never passed over: %j", async (lock, name, text) => {
    expect(await named(lock, { [name]: text })).toEqual([`what ${name} has it run`]);
  });

  it.each(["uv.lock", "poetry.lock", "pylock.toml", "Pipfile.lock"])(
    "%s: nothing where nothing is beside it",
    async (lock) => {
      expect(await named(lock, {})).toEqual([]);
    },
  );
});
