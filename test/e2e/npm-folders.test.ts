import { layRepository } from "../support/repository.ts";
import { plainNpm } from "../support/cli.ts";
import { temporaryFolder } from "../support/folder.ts";
import { installAll, openPart } from "../support/npm-session.ts";
import { type Registry, startRegistry } from "../support/registry.ts";
import {
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  lstatSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

/** Folders of the repository beside the project, and links: what plain npm makes of them, next to what we do. */

let registry: Registry;
beforeAll(async () => {
  registry = await startRegistry({
    packages: [
      { name: "a", version: "1.0.0", dependencies: { b: "^2.0.0" } },
      { name: "b", version: "1.0.0" },
      { name: "b", version: "2.0.0" },
    ],
  });
});
afterAll(() => registry.close());

interface Case {
  readonly name: string;
  readonly files: Readonly<Record<string, unknown>>;
  readonly links?: Readonly<Record<string, string>>;
  readonly args: readonly string[];
  readonly before?: readonly string[];
}

const APP = { name: "app", version: "1.0.0" };
const lib = (name: string, dependencies = {}) => ({ name, version: "1.0.0", dependencies });
const WORKSPACES = { ...APP, workspaces: ["packages/*"] };

const CASES: readonly Case[] = [
  {
    name: "beside the project, by the command line",
    files: { "app/package.json": APP, "libs/l/package.json": lib("l") },
    args: ["install", "../libs/l", "a"],
  },
  {
    name: "beside the project, in the manifest",
    files: { "app/package.json": { ...APP, dependencies: { l: "file:../libs/l" } }, "libs/l/package.json": lib("l") },
    args: ["install", "a"],
  },
  {
    name: "beside the project, with dependencies",
    files: {
      "app/package.json": { ...APP, dependencies: { l: "file:../libs/l" } },
      "libs/l/package.json": lib("l", { a: "^1.0.0" }),
    },
    args: ["install"],
  },
  {
    name: "one that leads to another",
    files: {
      "app/package.json": { ...APP, dependencies: { l: "file:../libs/l" } },
      "libs/l/package.json": lib("l", { m: "file:../m" }),
      "libs/m/package.json": lib("m"),
    },
    args: ["install"],
  },
  {
    name: "removed",
    before: ["install", "../libs/l", "a"],
    files: { "app/package.json": APP, "libs/l/package.json": lib("l") },
    args: ["rm", "l"],
  },
  {
    name: "workspace linked from elsewhere",
    files: { "app/package.json": WORKSPACES, "app/packages/x/package.json": lib("x"), "libs/w/package.json": lib("w") },
    links: { "app/packages/w": "../../libs/w" },
    args: ["install", "a"],
  },
  {
    name: "workspace linked from elsewhere, with dependencies",
    files: {
      "app/package.json": WORKSPACES,
      "libs/w/package.json": lib("w", { a: "1.0.0" }),
      "app/packages/x/package.json": lib("x", { b: "1.0.0" }),
    },
    links: { "app/packages/w": "../../libs/w" },
    args: ["install"],
  },
  {
    name: "workspace linked from inside",
    files: { "app/package.json": WORKSPACES, "app/src/w/package.json": lib("w", { b: "1.0.0" }) },
    links: { "app/packages/w": "../src/w" },
    args: ["install", "a"],
  },
  {
    name: "all workspaces behind a link",
    files: {
      "app/package.json": WORKSPACES,
      "app/src/w/package.json": lib("w", { b: "1.0.0" }),
      "app/src/v/package.json": lib("v", { w: "1.0.0" }),
    },
    links: { "app/packages": "src" },
    args: ["install", "a"],
  },
  {
    name: "folder behind a link",
    files: { "app/package.json": APP, "libs/l/package.json": lib("l") },
    links: { "app/l": "../libs/l" },
    args: ["install", "./l"],
  },
  {
    name: "linked workspace with a relative folder",
    files: {
      "app/package.json": WORKSPACES,
      "libs/w/package.json": lib("w", { l: "file:../l" }),
      "libs/l/package.json": lib("l"),
    },
    links: { "app/packages/w": "../../libs/w" },
    args: ["install"],
  },
];

function write(folder: string, one: Case): void {
  layRepository(folder);
  for (const [path, content] of Object.entries({ "app/.npmrc": `registry=${registry.url}\n`, ...one.files })) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), typeof content === "string" ? content : `${JSON.stringify(content, null, 2)}\n`);
  }
  for (const [path, target] of Object.entries(one.links ?? {})) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    symlinkSync(target, join(folder, path));
  }
}

function snapshot(folder: string): Readonly<Record<string, string>> {
  const found = readdirSync(folder, { recursive: true, encoding: "utf8" }).toSorted();
  return Object.fromEntries(
    found.flatMap((path) => {
      const stat = lstatSync(join(folder, path));
      if (stat.isSymbolicLink()) return [[path, `-> ${readlinkSync(join(folder, path))}`]];
      if (!stat.isFile()) return [];
      const isOurs = /(?:^|\/)(?:package\.json|package-lock\.json)$/.test(path) && !path.includes("node_modules");
      return [[path, isOurs ? readFileSync(join(folder, path), "utf8") : ""]];
    }),
  );
}

describe("byte for byte as plain npm", () => {
  test.each(CASES)("$name", async (one) => {
    const plain = join(temporaryFolder(), "repo");
    write(plain, one);
    if (one.before !== undefined) await plainNpm(one.before, { cwd: join(plain, "app"), home: temporaryFolder() });
    const ours = join(temporaryFolder(), "repo");
    cpSync(plain, ours, { recursive: true, verbatimSymlinks: true });
    const outcome = await plainNpm(one.args, { cwd: join(plain, "app"), home: temporaryFolder() });
    expect(outcome).toMatchObject({ exit: 0 });
    const part = await openPart(join(ours, "app"), {
      args: one.args,
      home: temporaryFolder(),
      repositoryRoot: ours,
    });
    expect(part.unbound).toEqual([]);
    expect(await installAll(part)).toBe(0);
    expect(snapshot(ours)).toEqual(snapshot(plain));
    const again = await openPart(join(ours, "app"), { home: temporaryFolder(), repositoryRoot: ours });
    expect(again.unbound).toEqual([]);
    expect(await installAll(again)).toBe(0);
    expect(snapshot(ours)).toEqual(snapshot(plain));
  });
});

test("a link that leads to a folder around it comes to an end", async () => {
  const folder = join(temporaryFolder(), "repo");
  const files = { "app/package.json": { ...APP, dependencies: { l: "file:./l" } } };
  write(folder, { name: "", args: [], files, links: { "app/l": "." } });
  const options = { args: ["install", "a"], home: temporaryFolder(), repositoryRoot: folder };
  const part = await openPart(join(folder, "app"), options);
  expect(part.artifacts.map(({ package: { name } }) => name).toSorted(byText)).toEqual(["a", "b"]);
});

const byText = (left: string, right: string) => (left < right ? -1 : Number(left > right));

describe("what cannot be put back is refused, and nothing changes", () => {
  const linked = (dependencies: object) => ({
    name: "",
    args: ["install"],
    files: {
      "app/package.json": { ...WORKSPACES, dependencies: { b: "2.0.0" } },
      "libs/w/package.json": lib("w", dependencies),
    },
    links: { "app/packages/w": "../../libs/w" },
  });

  test("packages that npm would unpack behind a link that leads out of the project", async () => {
    const folder = join(temporaryFolder(), "repo");
    write(folder, linked({ b: "1.0.0" }));
    const before = snapshot(folder);
    const options = { args: ["install"], home: temporaryFolder(), repositoryRoot: folder };
    const part = await openPart(join(folder, "app"), options);
    expect(part.unbound).toMatchObject([
      {
        location: "packages/w/node_modules/b",
        denial: { code: "LOCK_UNSUPPORTED", message: "npm would unpack it into ../libs/w, outside of the project" },
      },
    ]);
    expect(snapshot(folder)).toEqual(before);
  });

  test.each(["install", "ci"])("a node_modules behind such a link, by npm %s", async (command) => {
    const folder = join(temporaryFolder(), "repo");
    write(folder, linked({}));
    const cwd = join(folder, "app");
    await plainNpm(["install", "--package-lock-only"], { cwd, home: temporaryFolder() });
    mkdirSync(join(folder, "libs/w/node_modules/own"), { recursive: true });
    writeFileSync(join(folder, "libs/w/node_modules/own/index.js"), "");
    const before = snapshot(folder);
    const part = await openPart(cwd, { args: [command], home: temporaryFolder(), repositoryRoot: folder });
    await expect(installAll(part)).rejects.toMatchObject({ code: "OUTSIDE_PROJECT", hint: expect.any(String) });
    expect(snapshot(folder)).toEqual(before);
  });

  test.each([
    ["a link that leads out of the repository", "../../../elsewhere", "FILE_DEPENDENCY"],
    ["a link to a link that does", "../../libs/out", "FILE_DEPENDENCY"],
  ])("%s", async (_, target, code) => {
    const folder = join(temporaryFolder(), "repo");
    write(folder, { ...linked({}), links: { "app/packages/o": target, "libs/out": "../../elsewhere" } });
    mkdirSync(join(folder, "../elsewhere"));
    writeFileSync(join(folder, "../elsewhere/package.json"), JSON.stringify(lib("o")));
    const options = { args: ["install"], home: temporaryFolder(), repositoryRoot: folder };
    await expect(openPart(join(folder, "app"), options)).rejects.toMatchObject({ code });
  });
});
