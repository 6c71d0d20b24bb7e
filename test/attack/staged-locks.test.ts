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
const env = { npm_config_registry: "https://npm.example/" };
const check = (...words: readonly string[]) => safeInstall(["check", "--offline", ...words], { cwd: root, home, env });

test.each([
  ["apps/a/package-lock.json", EVIL],
  ["net/packages.lock.json", NUGET],
  [".config/dotnet-tools.json", '{ "version": 1, "tools": { "evil": { "version": "1.0.0", "commands": ["evil"] } } }'],
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
