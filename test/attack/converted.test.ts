/** What git turns into another text on its way into the working tree, a link or a submodule is not what was judged. */
import { safeInstall } from "../support/cli.ts";
import { temporaryFolder } from "../support/folder.ts";
import { commitAll, git } from "../support/git.ts";
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";

let home: string;
let root: string;
beforeEach(() => {
  [home, root] = [temporaryFolder(), temporaryFolder()];
  put(".signing-policy.json", '{ "version": 1 }');
  put("package.json", '{ "name": "app", "version": "1.0.0", "dependencies": { "evil": "*" } }');
});
function put(name: string, text: string): void {
  mkdirSync(dirname(join(root, name)), { recursive: true });
  writeFileSync(join(root, name), text);
}
const lockOf = (dependencies: object, more: object = {}) =>
  JSON.stringify({ name: "app", lockfileVersion: 3, packages: { "": { name: "app", dependencies }, ...more } });
const HARMLESS = lockOf({});
const EVIL = lockOf(
  { evil: "*" },
  {
    "node_modules/evil": {
      version: "1.0.0",
      resolved: "https://npm.example/evil/-/evil-1.0.0.tgz",
      integrity: `sha512-${Buffer.alloc(64, 1).toString("base64")}`,
    },
  },
);
const env = { npm_config_registry: "https://npm.example/" };
const check = (...words: readonly string[]) => safeInstall(["check", "--offline", ...words], { cwd: root, home, env });

/** In the index as it is, whatever attribute there is. */
function stage(name: string, text: string, mode = "100644"): void {
  const file = join(temporaryFolder(), "blob");
  writeFileSync(file, text);
  const id = git(root, "hash-object", "-w", "--no-filters", file);
  git(root, "update-index", "--add", "--cacheinfo", `${mode},${id},${name}`);
}

describe("converted to another encoding", () => {
  beforeEach(() => {
    commitAll(root);
    put(".gitattributes", "package-lock.json working-tree-encoding=UTF-16LE\n");
    git(root, "add", ".gitattributes");
  });

  test("what a revision holds converted is unknown: everything is judged", async () => {
    stage("package-lock.json", EVIL);
    git(root, "commit", "--quiet", "--message", "base");
    rmSync(join(root, ".gitattributes"));
    put("package-lock.json", EVIL);
    const { exit, stdout } = await check("--changed-since", "HEAD");
    expect({ exit, stdout }).toEqual({ exit: 65, stdout: expect.stringContaining("cannot be compared") });
  });

  test("what is staged converted is refused", async () => {
    stage("package-lock.json", HARMLESS);
    expect(await check("--staged")).toMatchObject({ exit: 66, stderr: expect.stringContaining("NOT_PLAIN") });
  });
});

describe("in the index", () => {
  beforeEach(() => {
    put("package.json", '{ "name": "app" }');
    put("package-lock.json", HARMLESS);
    commitAll(root);
  });

  test("the ends of lines are nobody's business", async () => {
    put(".gitattributes", "* text=auto eol=crlf\n*.png -text -filter\n");
    git(root, "add", "--all");
    expect((await check("--staged", "--changed-since", "HEAD")).exit).toBe(0);
  });

  test("a lock that is a link hides no other", async () => {
    stage("npm-shrinkwrap.json", "evil.json", "120000");
    expect(await check("--staged")).toMatchObject({ exit: 66, stderr: expect.stringContaining("NOT_PLAIN") });
    git(root, "commit", "--quiet", "--message", "base");
    const { exit, stdout } = await check("--changed-since", "HEAD");
    expect({ exit, stdout }).toEqual({ exit: 0, stdout: expect.stringContaining("cannot be compared") });
  });

  test.each(["package.json", ".npmrc"])("%s as a submodule is refused", async (name) => {
    git(root, "rm", "--quiet", "--cached", "--ignore-unmatch", name);
    git(root, "update-index", "--add", "--cacheinfo", `160000,${git(root, "rev-parse", "HEAD")},${name}`);
    expect(await check("--staged")).toMatchObject({ exit: 66, stderr: expect.stringContaining("is a submodule") });
  });

  test("a policy that a checkout converts is none", async () => {
    put(".gitattributes", ".signing-policy.json filter=x\n");
    git(root, "add", "--all");
    expect(await check("--staged")).toMatchObject({ exit: 78, stderr: expect.stringContaining("POLICY_LINK") });
  });

  test("links elsewhere are nobody's business", async () => {
    symlinkSync("../package.json", (mkdirSync(join(root, "docs")), join(root, "docs", "package.json")));
    git(root, "add", "--all");
    expect((await check("--staged")).exit).toBe(0);
  });
});
