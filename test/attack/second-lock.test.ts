/** A harmless lock beside an evil one hides nothing, nor does one that only the index has. */
import { safeInstall } from "../support/cli.ts";
import { temporaryFolder } from "../support/folder.ts";
import { commitAll, git } from "../support/git.ts";
import { hasPip } from "../support/pypi/pythons.ts";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";

let home: string;
let root: string;
beforeEach(() => {
  [home, root] = [temporaryFolder(), temporaryFolder()];
  put(".signing-policy.json", '{ "version": 1 }');
  put("package.json", '{ "name": "app", "version": "1.0.0" }');
});
const put = (name: string, text: string) => writeFileSync(join(root, name), text);
const HARMLESS = JSON.stringify({ name: "app", lockfileVersion: 3, packages: { "": { name: "app" } } });
const EVIL = JSON.stringify({
  name: "app",
  lockfileVersion: 3,
  packages: {
    "": { name: "app", dependencies: { evil: "*" } },
    "node_modules/evil": { version: "1.0.0", resolved: "git+ssh://git@github.com/m/evil.git#abc" },
  },
});
const UV = `version = 1
requires-python = ">=3.10"
[[package]]
name = "evil"
version = "1.0.0"
source = { registry = "https://pypi.example/simple" }
wheels = [{ url = "https://pypi.example/evil-1.0.0-py3-none-any.whl", hash = "sha256:${"a".repeat(64)}" }]
`;
const check = (words: readonly string[] = [], env: Readonly<Record<string, string>> = {}) =>
  safeInstall(["check", ...words], { cwd: root, home, env });

test.skipIf(!hasPip)("the second lock is judged, too", async () => {
  put("pylock.toml", 'lock-version = "1.0"\ncreated-by = "me"\npackages = []\n');
  expect((await check()).exit).toBe(0);
  put("uv.lock", UV);
  expect((await check()).exit).not.toBe(0);
});

test("nor does the one of two that npm reads hide the other", async () => {
  put("package-lock.json", EVIL);
  put("npm-shrinkwrap.json", HARMLESS);
  expect((await check([], { CI: "true" })).exit).not.toBe(0);
});

test("a lock that is not judged is named, and in CI it is an error", async () => {
  put("package-lock.json", HARMLESS);
  put("yarn.lock", "evil");
  expect(await check()).toMatchObject({ exit: 0, stderr: expect.stringContaining("not judged: yarn.lock") });
  for (const env of [{ CI: "true" }, { TF_BUILD: "True" }])
    expect(await check([], env)).toMatchObject({ exit: 64, stderr: expect.stringContaining("LOCK_NOT_JUDGED") });
  expect((await check(["package-lock.json"], { CI: "true" })).exit).toBe(0);
});

test.skipIf(!hasPip)("--staged: which locks there are is asked of the index", async () => {
  put("package-lock.json", HARMLESS);
  commitAll(root);
  put("uv.lock", UV);
  git(root, "add", "--all");
  rmSync(join(root, "uv.lock"));
  expect((await check()).exit).toBe(0);
  expect((await check(["--staged"])).exit).not.toBe(0);
});

test("a lock that the project does not go by hides none", async () => {
  put("packages.lock.json", '{ "version": 1, "dependencies": { "net8.0": {} } }');
  put("App.csproj", "<Project />");
  expect((await check()).exit).toBe(0);
  const path = "<NuGetLockFilePath>evil.json</NuGetLockFilePath>";
  put("App.csproj", `<Project><PropertyGroup>${path}</PropertyGroup></Project>`);
  expect(await check()).toMatchObject({ exit: 66, stdout: expect.stringContaining("evil.json") });
});

test.each([
  ["npm-shrinkwrap.json", "package-lock.json"],
  ["package-lock.json", "npm-shrinkwrap.json"],
])("of two locks of npm that differ, %s is harmless and %s is judged, too", async (harmless, evil) => {
  put(harmless, HARMLESS);
  put(evil, HARMLESS);
  expect(await check()).toMatchObject({ exit: 0, stderr: expect.not.stringContaining("differs") });
  put(evil, EVIL);
  const { exit, stdout, stderr } = await check();
  expect({ exit, said: stdout + stderr }).toMatchObject({ exit: 66, said: expect.stringContaining("GIT_DEPENDENCY") });
});
