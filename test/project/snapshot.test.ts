import type { Git, TrackedFile } from "../../src/project/git.ts";
import {
  inRepository,
  inSnapshot,
  isManifest,
  isVendored,
  refuseLeftOut,
  takeSnapshot,
} from "../../src/project/snapshot.ts";
import { tableOf } from "../../src/plugins.ts";
import { temporaryFolder } from "../support/folder.ts";
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

interface Told {
  /** path -> content; `mode path` for anything but a plain file. */
  readonly files: Readonly<Record<string, string>>;
  readonly converted?: readonly string[];
  readonly policies?: readonly string[];
  /** Paths whose content the clone lacks. */
  readonly lacks?: readonly string[];
}

/** The snapshot of a tree that holds these files. */
async function take({ files, converted = [], policies = [], lacks = [] }: Told) {
  const asked: (readonly string[])[] = [];
  const scratches: string[] = [];
  const all = Object.entries(files).map(([key, content], at): TrackedFile & { readonly content: string } => {
    const [, mode = "100644", path = ""] = /^(?:(\d{6}) )?(.*)$/.exec(key) ?? [];
    return { path, mode, id: `id${at}`, content };
  });
  const git = {
    files: () => Promise.resolve(all),
    read: (ids: readonly string[]) =>
      Promise.resolve(
        new Map(
          all
            .filter(({ id, path }) => ids.includes(id) && !lacks.includes(path))
            .map(({ id, content }) => [id, Buffer.from(content)]),
        ),
      ),
    converted: (_: unknown, paths: readonly string[], scratch: string) => {
      asked.push(paths);
      scratches.push(scratch);
      return Promise.resolve(new Set(paths.filter((path) => converted.includes(path))));
    },
  } as unknown as Git;
  const folder = temporaryFolder();
  const snapshot = await takeSnapshot(git, "index", "/repository", folder, policies);
  const has = (path: string) => existsSync(join(folder, path));
  const text = (path: string) => readFileSync(join(folder, path), "utf8");
  return { snapshot, asked, scratches, has, text, folder };
}

const POLICY = ".signing-policy.json";

describe("what a snapshot holds", () => {
  it("policies, locks and manifests, and nothing else; it is a repository of its own", async () => {
    const files = {
      [POLICY]: '{"version":1}',
      "app/package-lock.json": "{}",
      "app/package.json": "{}",
      "100755 app/requirements.txt": "",
      "src/index.ts": "code",
      "node_modules/a/package.json": "{}",
      "node_modules/a/package-lock.json": "{}",
    };
    const { snapshot, has, text, folder } = await take({ files });
    expect(Object.keys(files).map((key) => has(key.replace("100755 ", "")))).toEqual([
      true,
      true,
      true,
      true,
      false,
      false,
      false,
    ]);
    expect(text(POLICY)).toBe('{"version":1}');
    expect(snapshot).toMatchObject({ folder, root: "/repository", policies: [POLICY] });
    expect([...snapshot.leftOut]).toEqual([]);
    expect([...snapshot.known.keys()]).toEqual([
      "app/package-lock.json",
      "app/package.json",
      "app/requirements.txt",
      "node_modules/a/package-lock.json",
    ]);
    expect(snapshot.known.get("app/requirements.txt")).toBe("100755 id3");
    expect(readFileSync(join(folder, ".git/HEAD"), "utf8")).toBe("ref: refs/heads/snapshot\n");
    for (const name of ["objects", "refs"]) expect(statSync(join(folder, ".git", name)).isDirectory()).toBe(true);
  });

  it("what a policy names, wherever in it, and what is named on from there", async () => {
    const policy = {
      trust: { a: { trustedRoot: "trust/root.json" } },
      list: ["../key.pem", 7, null],
      recorded: "r.txt",
    };
    const { has } = await take({
      files: {
        [`app/${POLICY}`]: JSON.stringify(policy),
        "app/trust/root.json": '{"key":"elsewhere.json"}',
        "app/elsewhere.json": "",
        "key.pem": "",
        "app/r.txt": "-r more.txt\n",
        "app/more.txt": "",
        "other.pem": "",
      },
    });
    expect(["app/trust/root.json", "key.pem", "app/r.txt", "app/more.txt"].every(has)).toBe(true);
    expect(["app/elsewhere.json", "other.pem"].some(has)).toBe(false);
  });

  it("nothing that a policy names which is none, but the policy itself", async () => {
    const { has } = await take({ files: { [POLICY]: "{key.pem", "key.pem": "" } });
    expect([has(POLICY), has("key.pem")]).toEqual([true, false]);
  });

  it("a policy of another name that is asked for, with what it names", async () => {
    const files = { "strict.json": '{"a":"key.pem"}', "key.pem": "" };
    expect((await take({ files, policies: ["strict.json"] })).has("key.pem")).toBe(true);
    expect((await take({ files })).has("strict.json")).toBe(false);
  });

  it.each([
    ["-r other.txt", true],
    ["-rother.txt", true],
    ["  -c   other.txt", true],
    ["--requirement other.txt", true],
    ["--requirement=other.txt", true],
    ["--requirement  =  other.txt", true],
    ["--constraint\tother.txt", true],
    ['-r "other.txt"', true],
    ["-r 'other.txt' # why", true],
    ["widget==1\n-r other.txt", true],
    ["# -r other.txt", false],
    ["--requirementother.txt", false],
    ["-e other.txt", false],
    ["widget -r other.txt", false],
  ])("of requirements what they include: %j %s", async (line, expected) => {
    const { has } = await take({ files: { "requirements.in": line, "other.txt": "" } });
    expect(has("other.txt")).toBe(expected);
    expect((await take({ files: { "uv.lock": line, "other.txt": "" } })).has("other.txt")).toBe(false);
  });

  it("each file once, although two name each other; each round has a scratch file of its own", async () => {
    const { asked, scratches } = await take({
      files: { "requirements.in": "-r a.txt", "a.txt": "-r requirements.in\n-r b.txt", "b.txt": "-r a.txt" },
    });
    expect(asked).toEqual([["requirements.in"], ["a.txt"], ["b.txt"]]);
    expect(new Set(scratches).size).toBe(3);
  });
});

describe("what is left out", () => {
  it("links, submodules, and what a checkout converts", async () => {
    const { snapshot, has } = await take({
      files: { "120000 package-lock.json": "x", "160000 vendor": "", "app/package.json": "{}", "package.json": "{}" },
      converted: ["package.json"],
    });
    expect([...snapshot.leftOut]).toEqual([
      ["package-lock.json", "a symbolic link"],
      ["vendor", "a submodule"],
      ["package.json", "converted by a git attribute"],
    ]);
    expect(["package-lock.json", "package.json", "app/package.json"].map(has)).toEqual([false, false, true]);
    expect([...snapshot.known]).toEqual([
      ["package-lock.json", "120000 id0"],
      ["app/package.json", "100644 id2"],
      ["package.json", "100644 id3"],
    ]);
  });

  const npm = tableOf("npm");
  const pip = tableOf("pip");
  const refuse =
    (leftOut: readonly string[], folder: string, table = npm) =>
    () =>
      refuseLeftOut(
        {
          folder: "/s",
          root: "/r",
          known: new Map(),
          policies: [],
          leftOut: new Map(leftOut.map((path) => [path, "a symbolic link"])),
        },
        join("/s", folder),
        table,
      );

  it.each<[string, string, typeof npm]>([
    ["package-lock.json", "", npm],
    ["app/package-lock.json", "app", npm],
    ["app/Package.JSON", "app", npm],
    [".npmrc", "app", npm],
    ["app/.npmrc", "app/deep", npm],
    ["app", "app/deep", npm],
    ["app/deep", "app/deep", npm],
    ["requirements/dev.txt", "requirements", pip],
    ["uv.lock", "", pip],
  ])("%s is refused for %s", (path, folder, table) => {
    expect(refuse([path], folder, table)).toThrow(
      expect.objectContaining({
        kind: "unbound",
        code: "NOT_PLAIN",
        hint: expect.stringContaining("commit the file itself") as string,
        message: expect.stringContaining(`${path} is a symbolic link`) as string,
      }),
    );
  });

  it.each<[string, string, typeof npm]>([
    ["package-lock.json", "app", npm],
    ["other/package.json", "app", npm],
    ["app/src/index.ts", "app", npm],
    ["apple", "app", npm],
    ["app/deep/.npmrc", "app", npm],
    ["dev.txt", "", pip],
    ["other/dev.txt", "other", pip],
    ["uv.lock", "app", pip],
  ])("%s is no matter for %s", (path, folder, table) => expect(refuse([path], folder, table)).not.toThrow());
});

describe("names that no honest git writes", () => {
  it.each([
    "../x/package.json",
    "a/../package.json",
    "a//package.json",
    "./package.json",
    ".git/package.json",
    ".GIT/package.json",
    ".git. ./package.json",
  ])("%s", async (path) => {
    await expect(take({ files: { [path]: "{}" } })).rejects.toMatchObject({
      kind: "unbound",
      code: "TREE_STRANGE",
      message: expect.stringContaining(path) as string,
    });
  });

  it.each([".github/package.json", "x.git/package.json", ".gitx/package.json", "..a/package.json"])(
    "%s is an honest one",
    async (path) => expect((await take({ files: { [path]: "{}" } })).has(path)).toBe(true),
  );

  it("two that are one, and what the clone lacks", async () => {
    await expect(take({ files: { "package.json": "1", "package.json/package.json": "2" } })).rejects.toMatchObject({
      code: "TREE_STRANGE",
    });
    await expect(take({ files: { "package.json": "1" }, lacks: ["package.json"] })).rejects.toMatchObject({
      code: "TREE_STRANGE",
    });
  });
});

it("places of a snapshot and of the repository stand for each other", async () => {
  const { snapshot, folder } = await take({ files: {} });
  expect(inSnapshot(snapshot, "/repository/app/x")).toBe(join(folder, "app/x"));
  expect(inRepository(snapshot, join(folder, "app/x"))).toBe("/repository/app/x");
  expect(inRepository(snapshot, "/elsewhere/x")).toBe("/elsewhere/x");
});

it.each([
  ["package.json", true],
  ["app/Package-Lock.json", true],
  ["yarn.lock", true],
  ["requirements/dev.txt", true],
  ["dev.txt", false],
  ["src/index.ts", false],
  ["node_modules/a/package.json", false],
  ["my_node_modules/package.json", true],
])("%s is a manifest: %s", (path, expected) => expect(isManifest(path)).toBe(expected));

it("below a folder that npm fills", () => {
  expect(["node_modules/a", "a/node_modules/b", "node_modules", "a/my_node_modules/b"].map(isVendored)).toEqual([
    true,
    true,
    true,
    false,
  ]);
});
