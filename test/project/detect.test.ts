import { detectInstalls, locksIn } from "../../src/project/detect.ts";
import { temporaryFolder } from "../support/folder.ts";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";

const HASHED = `widget==1.0.0 --hash=sha256:${"a".repeat(64)}\n`;

function lay(files: Readonly<Record<string, string>>): string {
  const folder = temporaryFolder();
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}

async function judged(files: Readonly<Record<string, string>>) {
  const { judged, unread } = await locksIn(lay(files));
  return [judged.map(({ installer, lockfile }) => `${installer} ${lockfile ?? "its own"}`), unread];
}

describe("every lock of a folder is judged", () => {
  test.each([
    [{ "package-lock.json": "" }, ["npm its own"]],
    [{ "uv.lock": "" }, ["pip its own"]],
    [{ "uv.lock": "", "pylock.toml": "" }, ["pip pylock.toml", "pip uv.lock"]],
    [{ "uv.lock": "", "pylock.dev.toml": "" }, ["pip pylock.dev.toml", "pip uv.lock"]],
    [{ "uv.lock": "", "requirements.txt": HASHED }, ["pip requirements.txt", "pip uv.lock"]],
    [{ "requirements-dev.txt": HASHED }, ["pip requirements-dev.txt"]],
    [{ "packages.lock.json": "", "packages.app.lock.json": "" }, ["dotnet its own"]],
    [{ "package-lock.json": "", "poetry.lock": "" }, ["npm its own", "pip its own"]],
    [{ "uv.lock": "", "dev-requirements.txt": HASHED }, ["pip dev-requirements.txt", "pip uv.lock"]],
    [{ "uv.lock": "", "requirements/dev.txt": HASHED }, ["pip requirements/dev.txt", "pip uv.lock"]],
    [{ "requirements/dev.txt": HASHED, "requirements/deep/er.txt": HASHED }, ["pip requirements/dev.txt"]],
    [{ "package-lock.json": "", ".config/dotnet-tools.json": "" }, ["npm its own", "dotnet .config/dotnet-tools.json"]],
    [
      { "packages.lock.json": "", ".config/dotnet-tools.json": "", ".config/nuget.config": "" },
      ["dotnet its own", "dotnet .config/dotnet-tools.json"],
    ],
    [{ "package-lock.json": "", requirements: "no folder" }, ["npm its own"]],
  ])("%j", async (files, expected) => expect(await judged(files)).toEqual([expected, []]));

  test("requirements without a hash are none where there is a lock", async () => {
    expect(await judged({ "uv.lock": "", "requirements.txt": "widget\n" })).toEqual([["pip uv.lock"], []]);
    expect(await judged({ "requirements.txt": "widget\n" })).toEqual([["pip its own"], []]);
    for (const text of [HASHED, "--hash=sha256:a", "w==1 \\\n  --hash sha256:a", "w\t--hash=x"])
      expect(await judged({ "uv.lock": "", "requirements.txt": text })).toEqual([
        ["pip requirements.txt", "pip uv.lock"],
        [],
      ]);
    for (const text of ["w # no--hash=x", "--hashes=x"])
      expect(await judged({ "uv.lock": "", "requirements.txt": text })).toEqual([["pip uv.lock"], []]);
  });

  const BARE = "widget\n";
  test.each<[object, object, readonly string[], readonly string[]]>([
    [{ "requirements.txt": BARE }, {}, ["pip its own"], []],
    [{ "package-lock.json": "", "requirements.txt": BARE }, {}, ["npm its own", "pip its own"], []],
    [{ "uv.lock": "", "requirements.txt": BARE }, {}, ["pip uv.lock"], ["requirements.txt"]],
    [
      { "uv.lock": "", "a-requirements.txt": BARE, "requirements.txt": HASHED },
      {},
      ["pip requirements.txt", "pip uv.lock"],
      ["a-requirements.txt"],
    ],
    [{ "package-lock.json": "", "dev-requirements.txt": BARE }, {}, ["npm its own"], ["dev-requirements.txt"]],
    [
      { "uv.lock": "", "requirements.txt": BARE },
      { "requirements.txt": HASHED },
      ["pip requirements.txt", "pip uv.lock"],
      [],
    ],
    [{ "uv.lock": "", "requirements.txt": BARE }, { "requirements.txt": BARE }, ["pip uv.lock"], ["requirements.txt"]],
  ])(
    "%j, before %j: what had hashes is a lock that lost them, else a wish",
    async (files, before, expected, wishes) => {
      const { judged, unhashed } = await locksIn(
        lay(files as Record<string, string>),
        lay(before as Record<string, string>),
      );
      expect(judged.map(({ installer, lockfile }) => `${installer} ${lockfile ?? "its own"}`)).toEqual(expected);
      expect(unhashed).toEqual(wishes);
    },
  );

  test("what nobody here reads is named; locks for other registries are not ours", async () => {
    const files = { "package-lock.json": "", "yarn.lock": "", "Cargo.lock": "" };
    expect(await judged(files)).toEqual([["npm its own"], ["yarn.lock"]]);
  });

  test.each(["Package-Lock.json", "NPM-SHRINKWRAP.JSON", "UV.lock", "Yarn.lock"])(
    "what an installer reads as its own where letters do not count is named: %s",
    async (name) =>
      expect(await judged({ "packages.lock.json": "", [name]: "" })).toEqual([["dotnet its own"], [name]]),
  );

  test("nor is the one of two that npm passes over", async () => {
    const unread = ["one of npm-shrinkwrap.json, package-lock.json"];
    expect(await judged({ "package-lock.json": "", "npm-shrinkwrap.json": "" })).toEqual([["npm its own"], unread]);
  });
});

describe("what safe-install alone installs", () => {
  const of = async (files: Readonly<Record<string, string>>) => {
    const { found, others } = await detectInstalls(lay(files));
    return [
      found.map(({ installer, args }) => [installer, ...args].join(" ")),
      others.map(({ name, why }) => `${name} ${why}`),
    ];
  };

  test("from a lock of each installer, and the locks of others are named", async () => {
    expect(await of({ "package-lock.json": "", "requirements.txt": HASHED, "yarn.lock": "" })).toEqual([
      ["npm ci", "pip install --require-hashes -r requirements.txt"],
      ["yarn.lock is not supported, and not installed"],
    ]);
  });

  test("the lock that is named is installed from; another one of its installer is named with its way", async () => {
    const [found, others] = await of({ "requirements.txt": HASHED, "uv.lock": "" });
    expect(found).toEqual(["pip install --require-hashes -r requirements.txt"]);
    expect(others?.map((one) => one.split(" ")[0])).toEqual(["uv.lock"]);
    const [npm, none] = await of({ "package-lock.json": "", "npm-shrinkwrap.json": "" });
    expect([npm, none]).toEqual([["npm ci"], []]);
  });

  test("requirements without hashes are no lock: how they are installed is said", async () => {
    expect(await of({ "package-lock.json": "", "requirements.txt": "widget\n" })).toEqual([
      ["npm ci"],
      [
        "requirements.txt has no hashes: it is no lock; safe-install pip install -r requirements.txt resolves and gates it",
      ],
    ]);
  });

  test("a lock that something else here installs from is named with that way", async () => {
    const [found, others] = await of({ "poetry.lock": "" });
    expect(found).toEqual([]);
    expect(others).toHaveLength(1);
    expect(others?.[0]).toMatch(/^poetry\.lock .*safe-install/);
  });
});

test("what is no lock at all is nothing that would have to be installed otherwise", async () => {
  const folder = lay({ "package-lock.json": "", "package.json": "{}", "readme.md": "", "notes.txt": "" });
  const { found, others } = await detectInstalls(folder);
  expect(found.map(({ installer }) => installer)).toEqual(["npm"]);
  expect(others).toEqual([]);
});
