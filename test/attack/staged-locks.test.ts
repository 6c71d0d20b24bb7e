/** What a commit brings is judged as it is staged: each lock, wherever it lies, and whatever lies in the working tree. */
import { safeInstall } from "../support/cli.ts";
import { temporaryFolder } from "../support/folder.ts";
import { commitAll, git } from "../support/git.ts";
import { hasPip } from "../support/pypi/pythons.ts";
import { hook } from "../support/snippets.ts";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { beforeEach, expect, test } from "vitest";

let home: string;
let root: string;
beforeEach(() => {
  [home, root] = [temporaryFolder(), temporaryFolder()];
  put(".signing-policy.json", '{ "version": 1 }');
  put("package.json", '{ "name": "app" }');
  put("package-lock.json", lockOf({}));
  commitAll(root);
});
function put(name: string, text: string): void {
  mkdirSync(dirname(join(root, name)), { recursive: true });
  writeFileSync(join(root, name), text);
}
const lockOf = (packages: object) =>
  JSON.stringify({ name: "app", lockfileVersion: 3, packages: { "": { name: "app" }, ...packages } });
const EVIL = lockOf({
  "node_modules/evil": {
    version: "1.0.0",
    resolved: "https://npm.example/evil/-/evil-1.0.0.tgz",
    integrity: `sha512-${Buffer.alloc(64, 1).toString("base64")}`,
    extraneous: true,
  },
});
const NUGET = JSON.stringify({
  version: 1,
  dependencies: {
    "net8.0": {
      Evil: {
        type: "Direct",
        requested: "[1.0.0, )",
        resolved: "1.0.0",
        contentHash: Buffer.alloc(64).toString("base64"),
      },
    },
  },
});
const TOOLS = '{ "version": 1, "tools": { "evil": { "version": "1.0.0", "commands": ["evil"] } } }';
const env = { npm_config_registry: "https://npm.example/" };
const check = (...words: readonly string[]) => safeInstall(["check", "--offline", ...words], { cwd: root, home, env });

test.each([
  ["apps/a/package-lock.json", EVIL],
  ["net/packages.lock.json", NUGET],
  [".config/dotnet-tools.json", TOOLS],
])("%s, staged and deleted in the working tree", async (path, text) => {
  put(join(dirname(path), "package.json"), '{ "name": "app" }');
  put(path, text);
  git(root, "add", "--all");
  rmSync(join(root, path));
  expect(hook("safe-install-staged").files(path)).toBe(true);
  const { exit, stdout } = await check("--staged", "--changed-since", "HEAD");
  expect(exit).toBeGreaterThan(0);
  expect(stdout).toMatch(/evil/i);
});

test("one below a folder called node_modules is not passed over in silence", async () => {
  put("tools/node_modules/app/package-lock.json", EVIL);
  git(root, "add", "--all");
  const words = ["--staged", "--changed-since", "HEAD"];
  const stderr = expect.stringContaining("not judged: tools/node_modules/app/package-lock.json");
  expect(await check(...words)).toMatchObject({ exit: 0, stderr });
  const inCi = await safeInstall(["check", ...words], { cwd: root, home, env: { ...env, CI: "true" } });
  expect(inCi).toMatchObject({ exit: 64, stderr: expect.stringContaining("LOCK_NOT_JUDGED") });
});

test.skipIf(!hasPip)("requirements with hashes are a lock under any name that is usual for them", async () => {
  const lock = `evil==1.0.0 --hash=sha256:${"a".repeat(64)}\n`;
  for (const name of ["dev-requirements.txt", "requirements/dev.txt"]) {
    put(name, lock);
    expect(hook("safe-install-check").files(name), name).toBe(true);
    // What is in it is known to the index alone, which is not asked here.
    expect(await check(), name).toMatchObject({ exit: 69, stderr: expect.stringContaining("evil") });
    expect((await check(name)).exit, name).toBe(69);
    rmSync(join(root, name));
  }
});

test("a manifest of tools is judged where no lock of NuGet's lies beside it", async () => {
  put(".config/dotnet-tools.json", TOOLS);
  const { exit, stdout } = await check();
  expect(exit).toBeGreaterThan(0);
  expect(stdout).toMatch(/evil/);
});

test("the hooks are for merge commits, too", () => {
  const text = readFileSync(".pre-commit-hooks.yaml", "utf8");
  expect(text.match(/^ {2}stages: \[pre-commit, pre-merge-commit\]$/gm)).toHaveLength(2);
});

test.skipIf(!hasPip)("a lock that lost its hashes beside a harmless new one", async () => {
  put("requirements.txt", `evil==1.0.0 --hash=sha256:${"a".repeat(64)}\n`);
  const base = commitAll(root);
  put("requirements.txt", "evil\n");
  put("pylock.toml", 'lock-version = "1.0"\ncreated-by = "me"\npackages = []\n');
  expect(await check()).toMatchObject({ exit: 0, stderr: expect.stringContaining("requirements.txt") });
  expect((await check("--changed-since", base)).exit).not.toBe(0);
  git(root, "add", "--all");
  expect((await check("--staged")).exit).not.toBe(0);
});
