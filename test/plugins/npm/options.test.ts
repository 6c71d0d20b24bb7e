import type { NpmConfig } from "../../../plugins/npm/config.ts";
import { assertEffective, assertSettings } from "../../../plugins/npm/options.ts";
import { temporaryFolder } from "../../support/folder.ts";
import { openPart } from "../../support/npm-session.ts";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";

const LOCK = { lockfileVersion: 3, packages: { "": { name: "p" }, "packages/w": { name: "w" } } };

let home: string;
let project: string;

beforeEach(() => {
  home = temporaryFolder();
  project = temporaryFolder();
  write("package.json", JSON.stringify({ name: "p" }));
  write("package-lock.json", JSON.stringify(LOCK));
});

function write(path: string, text: string): void {
  mkdirSync(join(project, path, ".."), { recursive: true });
  writeFileSync(join(project, path), text);
}

const OPTIONS: readonly (readonly [name: string, value: string])[] = [
  ["global", "true"],
  ["location", "global"],
  ["offline", "false"],
  ["prefer-online", "true"],
  ["cache-max", "0"],
  ["install-strategy", "linked"],
  ["dry-run", "true"],
  ["package-lock-only", "true"],
  ["package-lock", "false"],
  ["shrinkwrap", "false"],
  ["extension-file", "./x.mjs"],
  ["ignore-patch-failures", "true"],
];

describe.each(OPTIONS)("%s=%s is refused by name", (name, value) => {
  const refused = (where: string) => ({
    kind: "usage",
    code: "REFUSED_OPTION",
    message: expect.stringMatching(new RegExp(`^${name}=.*${where}`)) as string,
  });

  test("on the command line", async () => {
    const args = ["ci", `--${name}=${value}`];
    await expect(openPart(project, { home, args })).rejects.toMatchObject(refused("command line"));
  });

  test("on the command line, undone before it", async () => {
    const args = ["ci", `--no-${name}`, `--${name}=${value}`];
    await expect(openPart(project, { home, args })).rejects.toMatchObject({ code: "REFUSED_OPTION" });
  });

  test("in the environment, however it is spelled", async () => {
    for (const key of [
      `npm_config_${name.replaceAll("-", "_")}`,
      `NPM_CONFIG_${name.replaceAll("-", "_").toUpperCase()}`,
    ])
      await expect(openPart(project, { home, env: { [key]: value } })).rejects.toMatchObject(refused("environment"));
  });

  test("in the user's .npmrc", async () => {
    writeFileSync(join(home, ".npmrc"), `${name}=${value}\n`);
    await expect(openPart(project, { home })).rejects.toMatchObject(refused("the user's .npmrc"));
  });

  // What npm itself does not read there (global, location) is no matter.
  if (name !== "global" && name !== "location")
    test("in the project's .npmrc", async () => {
      write(".npmrc", `${name}=${value}\n`);
      await expect(openPart(project, { home })).rejects.toMatchObject(refused("the project's .npmrc"));
    });

  test("is no matter for check", async () => {
    write(".npmrc", `${name}=${value}\n`);
    await expect(openPart(project, { home, purpose: "check" })).resolves.toBeDefined();
  });
});

test("cache is the hand-off's on the command line, and the user's elsewhere", async () => {
  await expect(openPart(project, { home, args: ["ci", `--cache=${home}`] })).rejects.toMatchObject({
    code: "REFUSED_OPTION",
    hint: expect.stringContaining("npm_config_cache") as string,
  });
  for (const name of ["cache", "prefix"])
    await expect(openPart(project, { home, env: { [`npm_config_${name}`]: home } })).resolves.toBeDefined();
});

test("registry is the user's, wherever it is said", async () => {
  const registry = "http://127.0.0.1:9/";
  for (const said of [{ args: ["ci", `--registry=${registry}`] }, { env: { npm_config_registry: registry } }])
    await expect(openPart(project, { home, ...said })).resolves.toBeDefined();
});

describe("the folder that --prefix names", () => {
  const named = (word: string, ...more: string[]) =>
    openPart(home, { home, args: ["ci", word, ...more], repositoryRoot: project });

  test.each(["--prefix", "-C"])("%s is the project, with its policy", async (word) => {
    expect((await named(word, project)).folder).toBe(project);
  });

  test.each([
    ["is not there", () => join(project, "no"), "no such folder"],
    ["is in another project", () => join(project, "deep/er"), "npm takes"],
  ])("%s: refused by its name", async (_, folder, why) => {
    write("deep/er/x", "");
    await expect(named(`--prefix=${folder()}`)).rejects.toMatchObject({
      code: "REFUSED_OPTION",
      message: expect.stringMatching(new RegExp(`^prefix=.*${why}`)) as string,
    });
  });

  test.each(["./x", "../x.tgz", "x@file:y", "~/x", "a.tgz", "@acme/own@file:../own"])(
    "is not where %s was typed",
    async (spec) => {
      const args = ["install", spec, "--prefix", project];
      await expect(openPart(home, { home, args, repositoryRoot: project })).rejects.toMatchObject({
        code: "REFUSED_OPTION",
        message: expect.stringContaining("from here or from there") as string,
      });
    },
  );
});

test.each(["-C /x", "-g"])("%s is what it stands for", async (words) => {
  const args = ["ci", ...words.split(" ")];
  await expect(openPart(project, { home, args })).rejects.toMatchObject({ code: "REFUSED_OPTION" });
});

test("an abbreviated option is to be written out: lines of npm read it differently", async () => {
  await expect(openPart(project, { home, args: ["ci", "--off=false"] })).rejects.toMatchObject({
    kind: "usage",
    code: "NPM_CONFIG",
  });
});

test.each([
  "--omit=dev",
  "--ignore-scripts",
  "--prefer-offline",
  "--install-strategy=nested",
  "--offline",
  "--legacy-peer-deps",
  "--build-from-source",
])("%s is the user's", async (option) => {
  await expect(openPart(project, { home, args: ["ci", option] })).resolves.toBeDefined();
});

test("an option that swallows one of ours is found before anything happens", async () => {
  write("node_modules/old/x", "old");
  const part = await openPart(project, { home, args: ["ci", "--loglevel=silent", "--script-shell"] });
  await expect(part.install([])).rejects.toMatchObject({ code: "REFUSED_OPTION" });
  expect(readFileSync(join(project, "node_modules/old/x"), "utf8")).toBe("old");
});

test("words after -- stay behind ours", async () => {
  const part = await openPart(project, { home, args: ["ci", "--loglevel=silent", "--", "--no-offline"] });
  expect(await part.install([])).toBe(0);
});

test("the prefix is npm's: a folder below, and a workspace", async () => {
  write("deep/er/x", "");
  expect((await openPart(join(project, "deep/er"), { home, repositoryRoot: project })).folder).toBe(project);
  write("package.json", JSON.stringify({ name: "p", workspaces: ["packages/*"] }));
  write("packages/w/package.json", JSON.stringify({ name: "w" }));
  expect((await openPart(join(project, "packages/w"), { home, repositoryRoot: project })).folder).toBe(project);
});

describe("what npm will get is what was judged", () => {
  const config = (positional: readonly string[], set: Readonly<Record<string, readonly [unknown, string]>> = {}) =>
    ({
      positional,
      prefix: "/p",
      get: (key: string) => set[key]?.[0],
      find: (key: string) => set[key]?.[1] ?? null,
    }) as unknown as NpmConfig;
  const OURS = { save: [false, "cli"], offline: [true, "cli"] } as const;
  const settings = { save: "false", offline: "true" };
  const refused = (what: string) =>
    expect.objectContaining({
      code: "REFUSED_OPTION",
      message: expect.stringMatching(new RegExp(`^${what}:`)) as string,
    }) as Error;

  test.each([["ci"], ["clean-install"], ["install"], ["prune"]])("npm %s installs what the lock holds", (command) => {
    expect(() => assertEffective(config([command], OURS), settings, "/p")).not.toThrow();
  });

  test.each([[["install", "x"]], [["update"]], [[]], [["run", "x"]]])("%j does not", (words) => {
    expect(() => assertEffective(config(words, OURS), settings, "/p")).toThrow(refused("the command line"));
  });

  test("nor does npm install, where it would save", () => {
    const saving = { offline: "true" };
    expect(() => assertEffective(config(["install"], OURS), saving, "/p")).toThrow(refused("the command line"));
    expect(() => assertEffective(config(["ci"], OURS), saving, "/p")).not.toThrow();
  });

  test("each of our settings is the effective one, for this project", () => {
    expect(() => assertSettings(config([], OURS), settings, "/p")).not.toThrow();
    expect(() => assertSettings(config([], OURS), settings, "/other")).toThrow(refused("the command line"));
    const elsewhere = { ...OURS, offline: [true, "env"] } as const;
    expect(() => assertSettings(config([], elsewhere), settings, "/p")).toThrow(refused("offline"));
    const other = { ...OURS, save: [true, "cli"] } as const;
    expect(() => assertSettings(config([], other), settings, "/p")).toThrow(refused("save"));
  });
});
