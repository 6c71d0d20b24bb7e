import { safeInstall } from "../support/cli.ts";
import { npmStage } from "../support/npm-stage.ts";
import { type Locked, type ProjectFiles, writeProject } from "../support/project.ts";
import { policyFor, publishSigned } from "../support/signed.ts";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const stage = npmStage(async ({ registry, instance }) => {
  await publishSigned(registry, instance, { name: "signed", version: "1.0.0", scripts: scripts("signed") });
  registry.publish({ name: "plain", version: "1.0.0", scripts: scripts("plain") });
  registry.publish({ name: "breaks", version: "1.0.0", scripts: { postinstall: "exit 7" } });
  registry.publish({ name: "quiet", version: "1.0.0" });
});

/** Each script writes its name where the test looks for it. */
const tells = (what: string) => `echo ${what} >> "$INIT_CWD/ran"`;
const scripts = (name: string) => ({
  preinstall: tells(`${name}:preinstall`),
  postinstall: tells(`${name}:postinstall`),
});

const entry = { hasInstallScript: true };
const SIGNED: Locked = { name: "signed", version: "1.0.0", entry };
const PLAIN: Locked = { name: "plain", version: "1.0.0", entry };
const OWN = {
  scripts: { postinstall: tells("own:postinstall"), prepare: tells("own:prepare"), prepostinstall: "exit 9" },
};

function write(choice: unknown, { locked = [SIGNED, PLAIN], files, ...rest }: ProjectFiles = {}): void {
  const { rules, ...policy } = policyFor(["signed"]);
  const others = { packages: ["npm:*"], unsigned: "allow", reason: "test", expires: "2099-01-01" };
  writeProject(stage.project, stage.registry, {
    locked,
    manifest: OWN,
    policy: {
      ...policy,
      rules: [...(rules as object[]), others],
      ...(choice === undefined ? {} : { scripts: choice }),
    },
    ...rest,
    files: { "trust/root.json": stage.instance.trustedRoot, ...files },
  });
}

const install = (env: Record<string, string> = {}, ...args: string[]) =>
  safeInstall(["npm", "ci", ...args], { cwd: stage.project, home: stage.home, env });
const ran = () =>
  existsSync(join(stage.project, "ran")) ? readFileSync(join(stage.project, "ran"), "utf8").trimEnd().split("\n") : [];
const ALL = ["plain:postinstall", "plain:preinstall", "signed:postinstall", "signed:preinstall"];
const OWN_RAN = ["own:postinstall", "own:prepare"];

describe("scripts", () => {
  it.each([
    ["all", ALL],
    ["signed", ["signed:postinstall", "signed:preinstall"]],
    ["none", []],
    [["npm:plain"], ["plain:postinstall", "plain:preinstall"]],
    [["npm:p*", "npm:signed"], ALL],
  ] as const)("%j", async (choice, expected) => {
    write(choice);
    const { exit, stderr } = await install();
    expect({ exit, stderr }).toMatchObject({ exit: 0 });
    expect(
      ran()
        .filter((line) => !line.startsWith("own"))
        .sort(),
    ).toEqual(expected);
    expect(ran().slice(-2)).toEqual(OWN_RAN);
    const skipped = ["signed", "plain"].filter((name) => !expected.some((line) => line.startsWith(name)));
    for (const name of skipped)
      expect(stderr).toMatch(new RegExp(`scripts that the policy does not let run: .*npm:${name}@1.0.0`));
    expect(readdirSync(join(stage.project, "node_modules")).sort()).toEqual([".package-lock.json", "plain", "signed"]);
  });

  it("without a word in the policy it is npm's own way", async () => {
    write(undefined);
    expect((await install({ npm_config_dangerously_allow_all_scripts: "true" })).exit).toBe(0);
    expect(ran().toSorted()).toEqual([...ALL, ...OWN_RAN].toSorted());
  });

  it.each([
    [
      "npm's configuration cannot widen it",
      { npm_config_ignore_scripts: "false", npm_config_dangerously_allow_all_scripts: "true" },
      [],
    ],
    ["nor can the command line", {}, ["--ignore-scripts=false"]],
  ])("%s", async (_, env, args) => {
    write("none");
    expect((await install(env, ...args)).exit).toBe(0);
    expect(ran()).toEqual(OWN_RAN);
  });

  it.each([
    ["the environment", { npm_config_ignore_scripts: "true" }, []],
    ["the command line", {}, ["--ignore-scripts"]],
  ])("who runs none at all (%s) gets none at all", async (_, env, args) => {
    write("all");
    expect((await install(env, ...args)).exit).toBe(0);
    expect(ran()).toEqual([]);
  });

  it("the project's own no stays one", async () => {
    write("all", { manifest: { ...OWN, allowScripts: { plain: false } } });
    expect((await install()).exit).toBe(0);
    expect(ran().some((line) => line.startsWith("plain"))).toBe(false);
    expect(ran()).toContain("signed:postinstall");
  });

  it("every place of a package that may, and no other", async () => {
    const nested = { ...SIGNED, at: "node_modules/quiet/node_modules/signed" };
    const alias = { ...PLAIN, at: "node_modules/signed-too", entry: { ...entry, name: "plain" } };
    write("signed", {
      locked: [{ name: "quiet", version: "1.0.0", entry: { dependencies: { signed: "1.0.0" } } }, nested, alias],
      manifest: { dependencies: { quiet: "1.0.0", "signed-too": "npm:plain@1.0.0" } },
    });
    expect((await install()).exit).toBe(0);
    expect(ran()).toEqual(["signed:preinstall", "signed:postinstall"]);
  });

  it("workspaces and the project itself are yours: theirs run after what they need", async () => {
    const app = { name: "app", version: "1.0.0", scripts: scripts("app") };
    write("signed", {
      manifest: { ...OWN, workspaces: ["packages/*"] },
      files: { "packages/app/package.json": app },
    });
    const lock = JSON.parse(readFileSync(join(stage.project, "package-lock.json"), "utf8")) as { packages: object };
    Object.assign(lock.packages, {
      "packages/app": { version: "1.0.0", hasInstallScript: true },
      "node_modules/app": { resolved: "packages/app", link: true },
    });
    writeFileSync(join(stage.project, "package-lock.json"), JSON.stringify(lock));
    const { exit, stderr } = await install();
    expect({ exit, stderr }).toMatchObject({ exit: 0 });
    expect(ran()).toEqual(["signed:preinstall", "signed:postinstall", "app:preinstall", "app:postinstall", ...OWN_RAN]);
  });

  it("one that fails: node_modules is as it was, and npm's code is the end", async () => {
    write("all", { locked: [SIGNED, { name: "breaks", version: "1.0.0", entry }] });
    mkdirSync(join(stage.project, "node_modules", "before"), { recursive: true });
    const { exit } = await install();
    expect(exit).not.toBe(0);
    expect([64, 65, 66, 69, 70, 78]).not.toContain(exit);
    expect(readdirSync(join(stage.project, "node_modules"))).toEqual(["before"]);
  });

  it("an optional one that fails is left out, as npm does it", async () => {
    write("all", {
      locked: [
        SIGNED,
        { name: "breaks", version: "1.0.0", at: "node_modules/breaks", entry: { ...entry, optional: true } },
      ],
      manifest: { ...OWN, dependencies: { signed: "1.0.0" }, optionalDependencies: { breaks: "1.0.0" } },
    });
    const { exit, stderr } = await install();
    expect({ exit, stderr }).toMatchObject({ exit: 0, stderr: expect.stringContaining("breaks is optional") });
    expect(readdirSync(join(stage.project, "node_modules"))).not.toContain("breaks");
    expect(ran()).toContain("signed:postinstall");
  });
});
