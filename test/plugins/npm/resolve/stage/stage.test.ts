import { stage } from "../../../../../plugins/npm/resolve/stage/stage.ts";
import { isUnsaved, type Staging } from "../../../../../plugins/npm/resolve/stage/staging.ts";
import type { Changing } from "../../../../../plugins/npm/task.ts";
import { putInto, temporaryFolder } from "../../../../support/folder.ts";
import { testHost } from "../../../../support/npm-session.ts";
import type { Command } from "../../../../../src/plugin.ts";
import { lstatSync, readdirSync, readFileSync, readlinkSync, realpathSync, symlinkSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { describe, expect, it, test } from "vitest";

/** npm is not started: whatever is refused, is refused before. */
function begin(change: string, files: readonly string[] = [], offline = false) {
  const project = temporaryFolder();
  for (const name of ["package.json", ...files]) putInto(project, name, "{}");
  const commands: Command[] = [];
  const run = (one: Command) => (commands.push(one), Promise.resolve(1));
  const staging = {
    origin: { repositoryRoot: project, project, cwd: project },
    task: { change, specs: [], options: {}, tests: false },
    npm: { folder: "/npm", entry: "/npm/npm.js", version: "11.0.0" },
    config: { flat: {}, get: () => undefined },
    admitted: [],
    archives: [],
    host: { ...testHost({ home: temporaryFolder(), offline }), run },
  } as unknown as Staging;
  return { staged: stage(staging), commands };
}

describe("before npm resolves", () => {
  it("advisories are asked of a registry, or nothing is mended", async () => {
    const { staged, commands } = begin("audit fix", [], true);
    await expect(staged).rejects.toMatchObject({
      kind: "unavailable",
      code: "NOT_RESOLVED",
      message: "advisories are asked of the registry",
      hint: "leave out --offline",
    });
    expect(commands).toEqual([]);
    for (const [change, offline] of [
      ["audit fix", false],
      ["install", true],
    ] as const)
      await expect(begin(change, [], offline).staged).rejects.not.toMatchObject({ hint: "leave out --offline" });
  });

  it.each([".npm-extension.js", ".npm-extension.mjs", ".npm-extension.cjs"])("%s would run", async (name) => {
    const { staged, commands } = begin("install", [name]);
    await expect(staged).rejects.toMatchObject({
      kind: "unbound",
      code: "LOCK_EXTENSION",
      message: `${name} would change what npm resolves`,
    });
    expect(commands).toEqual([]);
  });
});

test.each([
  ["install", false, true],
  ["uninstall", false, true],
  ["install", true, false],
  ["install", undefined, false],
  ["update", false, false],
  ["prune", undefined, false],
])("npm %s with save=%s leaves the project as it is: %s", (change, save, expected) => {
  const config = { get: (key: string) => (key === "save" ? save : undefined) } as never;
  expect(isUnsaved({ change } as Changing, config)).toBe(expected);
});

interface Laid {
  readonly command: Command;
  /** What npm finds under its root: path -> text, or where a link leads. */
  readonly found: Readonly<Record<string, string>>;
}

/** An npm that writes what it is told to, below the copy of the repository. */
async function resolving(
  files: Readonly<Record<string, unknown>>,
  written: Readonly<Record<string, unknown>> = {},
  more: {
    readonly links?: Readonly<Record<string, string>>;
    readonly project?: string;
    readonly cwd?: string;
    readonly version?: string;
    readonly task?: object;
  } = {},
) {
  const repositoryRoot = join(realpathSync(temporaryFolder()), "repo");
  const project = join(repositoryRoot, more.project ?? ".");
  for (const [path, content] of Object.entries(files)) putInto(repositoryRoot, path, content);
  for (const [path, target] of Object.entries(more.links ?? {})) symlinkSync(target, join(repositoryRoot, path));
  const laid: Laid[] = [];
  const run = async (command: Command): Promise<number> => {
    const root = join(dirname(command.log!), "repo");
    laid.push({ command, found: contentsOf(root) });
    for (const [path, content] of Object.entries(written)) putInto(root, path, content);
    return 0;
  };
  const staging = {
    origin: { repositoryRoot, project, cwd: join(project, more.cwd ?? ".") },
    task: { change: "install", specs: [], options: {}, tests: false, ...more.task },
    npm: { folder: "/npm", entry: "/npm/npm.js", version: more.version ?? "11.0.0" },
    config: { flat: {}, get: () => undefined },
    admitted: [],
    archives: [],
    host: { ...testHost({ home: temporaryFolder() }), run },
  } as unknown as Staging;
  const staged = await stage(staging);
  return { staged, laid: laid[0]!, repositoryRoot };
}

function contentsOf(root: string): Readonly<Record<string, string>> {
  const entries = readdirSync(root, { recursive: true, withFileTypes: true });
  return Object.fromEntries(
    entries
      .filter((entry) => !entry.isDirectory())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => [
        relative(root, path).replaceAll("\\", "/"),
        lstatSync(path).isSymbolicLink() ? `-> ${readlinkSync(path)}` : readFileSync(path, "utf8"),
      ]),
  );
}

const textOf = (content: Buffer | null) => content?.toString("utf8") ?? null;

describe("the copy in which npm resolves", () => {
  const MANIFEST = { dependencies: { here: "file:../lib" } };
  const files = {
    "app/package.json": MANIFEST,
    "app/package-lock.json": { lockfileVersion: 3 },
    "app/.npmrc": "legacy-peer-deps=true\n",
    "app/index.js": "evil()",
    "app/deep/other.txt": "",
    "lib/package.json": { name: "here", version: "1.0.0" },
    "lib/index.js": "evil()",
    ".npmrc": "of nobody",
  };

  it("holds manifests, lock and .npmrc under the names of the project, and nothing else", async () => {
    const { laid, staged } = await resolving(files, {}, { project: "app", cwd: "deep" });
    expect(laid.found).toEqual({
      "app/package.json": JSON.stringify(MANIFEST),
      "app/package-lock.json": JSON.stringify({ lockfileVersion: 3 }),
      "app/.npmrc": "legacy-peer-deps=true\n",
      "lib/package.json": JSON.stringify({ name: "here", version: "1.0.0" }),
    });
    expect(laid.command.cwd).toBe(join(staged.project, "deep"));
    expect(laid.command.args).not.toContain(`--prefix=${staged.project}`);
    expect(staged.project).toBe(join(staged.repositoryRoot, "app"));
  });

  it("tells what npm changed, made and left, relative to the project", async () => {
    const lock = JSON.stringify({ lockfileVersion: 3, packages: {} });
    const { staged } = await resolving(
      files,
      { "app/package-lock.json": lock, "lib/package.json": "{}", "app/new.txt": "nobody's" },
      { project: "app" },
    );
    expect(staged.files.map(({ path, before, after }) => [path, textOf(before), textOf(after)])).toEqual([
      ["package.json", JSON.stringify(MANIFEST), JSON.stringify(MANIFEST)],
      ["../lib/package.json", JSON.stringify({ name: "here", version: "1.0.0" }), "{}"],
      ["npm-shrinkwrap.json", null, null],
      ["package-lock.json", JSON.stringify({ lockfileVersion: 3 }), lock],
    ]);
  });

  it("has the links of the repository, and an empty project is a project", async () => {
    const links = { way: "there", "there/up": "../there" };
    const linked = await resolving(
      {
        "package.json": { dependencies: { a: "file:way/a", b: "file:there/up/a" } },
        "there/a/package.json": { name: "a" },
      },
      {},
      { links },
    );
    expect(linked.laid.found).toMatchObject({
      way: "-> there",
      "there/up": "-> .",
      "there/a/package.json": JSON.stringify({ name: "a" }),
    });
    const empty = await resolving({ "app/x": "" }, { "app/package.json": "{}" }, { project: "app" });
    expect(empty.laid.found).toEqual({});
    expect(empty.laid.command.args).toContain(`--prefix=${empty.staged.project}`);
    expect(empty.staged.files.map(({ path, before, after }) => [path, before, textOf(after)])).toEqual([
      ["package.json", null, "{}"],
      ["npm-shrinkwrap.json", null, null],
      ["package-lock.json", null, null],
    ]);
  });

  it("npm from 12 on reads no shrinkwrap; folders of the lock that is read come along", async () => {
    const locks = {
      "package.json": {},
      "npm-shrinkwrap.json": { packages: { a: { link: true, resolved: "a" } } },
      "package-lock.json": { packages: { b: { link: true, resolved: "b" } } },
      "a/package.json": {},
      "b/package.json": {},
    };
    const before = (await resolving(locks)).laid.found;
    expect(Object.keys(before).toSorted()).toEqual([
      "a/package.json",
      "npm-shrinkwrap.json",
      "package-lock.json",
      "package.json",
    ]);
    const after = (await resolving(locks, {}, { version: "12.0.0" })).laid.found;
    expect(Object.keys(after).toSorted()).toEqual(["b/package.json", "package-lock.json", "package.json"]);
  });

  it("names that were typed count for an installation alone", async () => {
    const typed = (change: string) =>
      resolving({ "package.json": {} }, {}, { task: { change, specs: ["file:../out"] } });
    await expect(typed("install")).rejects.toMatchObject({ code: "FILE_DEPENDENCY" });
    await expect(typed("uninstall")).resolves.toMatchObject({});
  });
});

describe("a registry that answers with another name", () => {
  const alias = { "package.json": { dependencies: { a: "npm:other@^1.0.0" } } };
  const ask = (specs: readonly string[], before: object, after: object = alias) =>
    resolving({ "package.json": before }, after as Record<string, unknown>, { task: { specs } });
  const foreign = {
    kind: "unbound",
    code: "PACKAGE_MISMATCH",
    message: "the registry answers for a with other",
    hint: "if that is meant: npm install a@npm:other",
  };

  it.each([
    [["a"], {}],
    [["b@npm:other@1"], {}],
    [["a@npm:another"], {}],
    [[], { dependencies: { a: "^1.0.0" } }],
    [[], { dependencies: { a: "npm:another@1" } }],
  ])("%j on %j: refused", async (specs, before) => {
    await expect(ask(specs, before)).rejects.toMatchObject(foreign);
  });

  it.each([
    [["a@npm:other"], {}],
    [["a@npm:other@1"], {}],
    [[], { dependencies: { a: "npm:other@1.0.0" } }],
    [[], { devDependencies: { a: "npm:other" } }],
    [[], { optionalDependencies: { a: "npm:other@2" } }],
  ])("%j on %j: the user's own", async (specs, before) => {
    await expect(ask(specs, before)).resolves.toMatchObject({});
  });

  it("also among what is for developers, and nowhere but in a manifest", async () => {
    const dev = { "package.json": { devDependencies: { a: "npm:other@1" } } };
    await expect(ask(["a"], {}, dev)).rejects.toMatchObject(foreign);
    await expect(
      ask(["a"], {}, { "package-lock.json": { dependencies: { a: "npm:other@1" } } }),
    ).resolves.toBeDefined();
  });

  it("a scope is part of the name", async () => {
    const scoped = { "package.json": { dependencies: { "@s/a": "npm:other@1" } } };
    await expect(ask(["@s/a@npm:other"], {}, scoped)).resolves.toBeDefined();
    await expect(ask(["@s/a"], {}, scoped)).rejects.toMatchObject({ code: "PACKAGE_MISMATCH" });
  });
});
