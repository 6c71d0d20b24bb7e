/** With `--policy-from`, a change to what lies around a folder does not take the folder's own policy out of the run. */
import { safeInstall } from "../support/cli.ts";
import { temporaryFolder } from "../support/folder.ts";
import { commitAll, git } from "../support/git.ts";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { beforeEach, expect, test } from "vitest";

let home: string;
let root: string;
const OPEN = { packages: ["npm:*"], unsigned: "allow", reason: "hashes are enough", expires: "2099-01-01" };
const CLOSED = { packages: ["npm:*"], unsigned: "deny" };
beforeEach(() => {
  [home, root] = [temporaryFolder(), temporaryFolder()];
  put(".signing-policy.json", { version: 1, rules: [OPEN] });
  put("package.json", { name: "all", version: "1.0.0" });
  put("package-lock.json", lockOf("all"));
  put("apps/a/.signing-policy.json", { version: 1, rules: [CLOSED] });
  put("apps/a/package.json", { name: "a", version: "1.0.0" });
  put("apps/a/package-lock.json", lockOf("a"));
  commitAll(root);
});
function put(name: string, content: object): void {
  mkdirSync(dirname(join(root, name)), { recursive: true });
  writeFileSync(join(root, name), JSON.stringify(content));
}
const lockOf = (name: string, packages: object = {}, top: object = {}) => ({
  name,
  version: "1.0.0",
  lockfileVersion: 3,
  packages: { "": { name, version: "1.0.0", ...top }, ...packages },
});
const EVIL = {
  version: "1.0.0",
  resolved: "https://npm.example/evil/-/evil-1.0.0.tgz",
  integrity: `sha512-${Buffer.alloc(64, 1).toString("base64")}`,
};
const check = (folder: string, ...words: readonly string[]) =>
  safeInstall(["check", "--offline", ...words], {
    cwd: join(root, folder),
    home,
    env: { npm_config_registry: "https://npm.example/" },
  });

/** The folder becomes a workspace of the project around it, whose lock brings a package for it. */
function takeIn(): void {
  const workspaces = ["apps/*"];
  const a = { name: "a", version: "1.0.0", dependencies: { evil: "1.0.0" } };
  put("package.json", { name: "all", version: "1.0.0", workspaces });
  put("apps/a/package.json", a);
  const packages = {
    "apps/a": a,
    "node_modules/a": { resolved: "apps/a", link: true },
    "apps/a/node_modules/evil": EVIL,
  };
  put("package-lock.json", lockOf("all", packages, { workspaces }));
}

test("a folder that becomes a workspace keeps its policy, wherever the command is typed and whether or not its lock stays", async () => {
  expect((await check("apps/a", "--policy-from", "main")).exit).toBe(0);
  takeIn();
  expect((await check("apps/a", "--policy-from", "main")).exit).toBe(65);
  rmSync(join(root, "apps/a/package-lock.json"));
  expect((await check("apps/a", "--policy-from", "main")).exit).toBe(65);
  const { exit, stdout } = await check(".", "--policy-from", "main");
  expect({ exit, stdout }).toMatchObject({ exit: 65, stdout: expect.stringContaining("apps/a/.signing-policy.json") });
  rmSync(join(root, "apps"), { recursive: true });
  put("package.json", { name: "all", version: "1.0.0", dependencies: { evil: "1.0.0" } });
  put("package-lock.json", lockOf("all", { "node_modules/evil": EVIL }, { dependencies: { evil: "1.0.0" } }));
  expect((await check(".", "--policy-from", "main")).exit).toBe(0);
});

test("and where it is staged, as the index has it", async () => {
  takeIn();
  git(root, "rm", "--quiet", "--cached", "apps/a/package-lock.json");
  git(root, "add", "package.json", "package-lock.json", "apps/a/package.json");
  expect((await check(".", "--staged", "--policy-from", "main")).exit).toBe(65);
});

test("nor does another name of the folder", async () => {
  git(root, "mv", "apps/a", "apps/b");
  put("apps/b/package-lock.json", lockOf("a", { "node_modules/evil": EVIL }, { dependencies: { evil: "1.0.0" } }));
  rmSync(join(root, "apps/b/.signing-policy.json"));
  expect((await check("apps/b")).exit).toBe(0);
  expect((await check("apps/b", "--policy-from", "main")).exit).toBe(65);
});
