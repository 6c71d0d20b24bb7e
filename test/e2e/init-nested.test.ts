import { runAt } from "../support/author.ts";
import { temporaryFolder } from "../support/folder.ts";
import { commitAll } from "../support/git.ts";
import { writeProject } from "../support/project.ts";
import { type Registry, startRegistry } from "../support/registry.ts";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

let registry: Registry;
let home: string;
let root: string;
let app: string;

beforeAll(async () => {
  registry = await startRegistry();
  for (const name of ["one", "two", "three"]) registry.publish({ name, version: "1.0.0" });
});
afterAll(() => registry.close());
beforeEach(() => {
  home = temporaryFolder();
  root = temporaryFolder();
  app = join(root, "packages/app");
});

const lock = (folder: string, ...names: readonly string[]) => {
  writeProject(folder, registry, { locked: names.map((name) => ({ name, version: "1.0.0" })) });
  if (folder !== root) rmSync(join(folder, ".git"), { recursive: true });
};
const read = (file: string) => JSON.parse(readFileSync(file, "utf8")) as { packages: Record<string, string[]> };
const recorded = () => Object.keys(read(join(root, ".signing-recorded.json")).packages);
const put = (file: string, content: unknown) => writeFileSync(file, JSON.stringify(content));

describe("typed in a workspace's folder", () => {
  it("init writes beside the lock that was read, and says where; check agrees in both folders", async () => {
    const linked = {
      "node_modules/app": { resolved: "packages/app", link: true },
      "packages/app": { version: "1.0.0" },
    };
    const { resolved, integrity } = registry.tarballOf("one", "1.0.0");
    const manifest = { dependencies: { one: "1.0.0" }, workspaces: ["packages/*"] };
    const packages = { "": manifest, "node_modules/one": { version: "1.0.0", resolved, integrity }, ...linked };
    const own = { name: "app", version: "1.0.0" };
    writeProject(root, registry, { manifest, lock: { packages }, files: { "packages/app/package.json": own } });
    const { exit, stdout } = await runAt(app, home, ["init"]);
    expect({ exit, stdout }).toMatchObject({ exit: 0, stdout: expect.stringContaining("wrote ../../.signing-") });
    expect(existsSync(join(app, ".signing-policy.json"))).toBe(false);
    for (const folder of [app, root]) expect((await runAt(folder, home, ["check"])).exit).toBe(0);
  });
});

describe("below another policy", () => {
  beforeEach(async () => {
    lock(root, "one");
    lock(app, "two");
    expect((await runAt(root, home, ["init"])).exit).toBe(0);
  });

  it("init adds to the outermost one, which alone can let in, and says which file that is", async () => {
    const { exit, stdout } = await runAt(app, home, ["init"]);
    expect({ exit, stdout }).toEqual({
      exit: 0,
      stdout: expect.stringContaining("wrote ../../.signing-recorded.json"),
    });
    expect(recorded()).toEqual(["pkg:npm/one@1.0.0", "pkg:npm/two@1.0.0"]);
    expect(existsSync(join(app, ".signing-policy.json"))).toBe(false);
    expect((await runAt(app, home, ["check"])).exit).toBe(0);
    expect(await runAt(app, home, ["init"])).toMatchObject({ stdout: expect.stringContaining("nothing to change") });
  });

  it("what an inner policy denies is named with that policy, and nothing is written for it", async () => {
    await runAt(app, home, ["init"]);
    put(join(app, ".signing-policy.json"), {
      version: 1,
      rules: [{ packages: ["npm:two"], unsigned: "recorded" }],
      recorded: { file: "own.json", reason: "mine", expires: "2099-01-01" },
    });
    put(join(app, "own.json"), { version: 1, packages: {} });
    const before = recorded();
    const { exit, stdout } = await runAt(app, home, ["policy", "pin", "--write"]);
    expect({ exit, stdout }).toEqual({
      exit: 65,
      stdout: expect.stringContaining("packages/app/.signing-policy.json"),
    });
    expect(stdout).not.toContain("wrote");
    expect(recorded()).toEqual(before);
  });

  it("--prune takes out what none of the lockfiles names, and only then", async () => {
    await runAt(app, home, ["init"]);
    lock(root, "three");
    expect((await runAt(root, home, ["policy", "pin", "--write"])).exit).toBe(0);
    expect(recorded()).toHaveLength(3);
    const lint = await runAt(root, home, ["policy", "lint"]);
    expect(lint).toMatchObject({ exit: 0, stdout: expect.stringContaining("policy pin --prune") });
    const both = ["--lockfile", "package-lock.json", "--lockfile", "packages/app/package-lock.json"];
    const { exit, stdout } = await runAt(root, home, ["policy", "pin", "--prune", ...both]);
    expect({ exit, stdout }).toEqual({ exit: 0, stdout: expect.stringContaining("pkg:npm/one@1.0.0") });
    expect(recorded()).toHaveLength(3);
    expect((await runAt(root, home, ["policy", "pin", "--prune", "--write", ...both])).exit).toBe(0);
    expect(recorded()).toEqual(["pkg:npm/three@1.0.0", "pkg:npm/two@1.0.0"]);
    expect((await runAt(app, home, ["check"])).exit).toBe(0);
  });
});

describe("policy diff --policy FILE", () => {
  const file = "strict.json";
  const policy = (name: string) => ({
    version: 1,
    rules: [{ packages: [`npm:${name}`], unsigned: "allow", reason: "mine", expires: "2099-01-01" }],
  });

  it("compares that file with itself as it was, not with the policies of the folder", async () => {
    lock(root, "one", "two");
    rmSync(join(root, ".git"), { recursive: true });
    put(join(root, ".signing-policy.json"), policy("three"));
    put(join(root, file), policy("one"));
    commitAll(root);
    const same = await runAt(root, home, ["policy", "diff", "HEAD", "--policy", file]);
    expect(same).toMatchObject({ exit: 0, stdout: expect.stringContaining("nothing") });
    put(join(root, file), policy("two"));
    const { stdout } = await runAt(root, home, ["policy", "diff", "HEAD", "--policy", file]);
    expect(stdout).toMatch(/npm:two@1\.0\.0/);
    expect(stdout).toMatch(/npm:one@1\.0\.0/);
  });

  it("is refused where git knows no earlier one", async () => {
    lock(root, "one");
    rmSync(join(root, ".git"), { recursive: true });
    commitAll(root);
    const elsewhere = join(home, file);
    put(elsewhere, policy("one"));
    const refused = await runAt(root, home, ["policy", "diff", "HEAD", "--policy", elsewhere]);
    expect(refused).toMatchObject({ exit: 64, stderr: expect.stringContaining("outside of the repository") });
  });
});
