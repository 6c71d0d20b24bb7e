/** `npm ci` with workspaces that ask for ranges of each other, offline after the judgement: one run with each line of npm. */
import { safeInstall } from "../support/cli.ts";
import { temporaryFolder } from "../support/folder.ts";
import { type NpmLine, npmLine } from "../support/npm-lines.ts";
import { layRepository } from "../support/repository.ts";
import { startRegistry } from "../support/registry.ts";
import type npmKeys from "@npmcli/config/lib/definitions/index.js";
import { isKnownKey } from "../../plugins/npm/settings/project-keys.ts";
import { execa } from "execa";
import { createRequire } from "node:module";
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";

const POLICY = {
  version: 1,
  rules: [{ packages: ["npm:*"], unsigned: "allow", reason: "a test", expires: "2100-01-01" }],
};

describe.each(["10", "11.14", "11", "12"])("npm %s", (line) => {
  test("workspaces that ask for ranges of each other and of packages", { timeout: 300_000 }, async () => {
    const npm = await npmLine(line, temporaryFolder());
    const PATH = pathWith(npm);
    const registry = await startRegistry();
    onTestFinished(() => registry.close());
    for (const version of ["1.0.0", "1.2.0"]) registry.publish({ name: "ms", version });
    const project = join(temporaryFolder(), "project");
    const put = (path: string, content: unknown) => {
      mkdirSync(dirname(join(project, path)), { recursive: true });
      writeFileSync(join(project, path), typeof content === "string" ? content : JSON.stringify(content));
    };
    put("package.json", {
      name: "project",
      version: "1.0.0",
      workspaces: ["packages/*"],
      dependencies: { ms: "^1.0.0" },
    });
    put("packages/a/package.json", { name: "a", version: "1.0.0", dependencies: { b: "^1.0.0", ms: "1.0.0" } });
    put("packages/b/package.json", { name: "b", version: "1.1.0", peerDependencies: { ms: "^1.0.0" } });
    put("packages/c/package.json", { name: "c", version: "2.0.0", dependencies: { a: "*", b: "~1.1.0" } });
    put(".npmrc", `registry=${registry.url}\n`);
    put(".signing-policy.json", POLICY);
    layRepository(project);
    const home = temporaryFolder();
    const env = { PATH, HOME: home, npm_config_cache: join(home, ".npm") };
    await execa("npm", ["install", "--package-lock-only"], { cwd: project, env });
    for (const words of [["ci"], ["install"], ["ci", "-w", "a"]]) {
      const { exit, stderr } = await safeInstall(["npm", ...words], { cwd: project, home, env: { PATH } });
      expect({ words, exit, stderr: exit === 0 ? "" : stderr }).toEqual({ words, exit: 0, stderr: "" });
      expect(existsSync(join(project, "packages/a/node_modules/ms/package.json"))).toBe(true);
    }
  });

  test("each key of its configuration has its place in our table", { timeout: 300_000 }, async () => {
    const { folder } = await npmLine(line, temporaryFolder());
    const load = createRequire(join(folder, "package.json"));
    const { definitions, shorthands } = load("@npmcli/config/lib/definitions/index.js") as typeof npmKeys;
    expect(Object.keys(definitions).length).toBeGreaterThan(100);
    expect(Object.keys(definitions).filter((key) => !isKnownKey(key))).toEqual([]);
    expect(shorthands).toBeDefined();
  });
});

function pathWith({ folder }: NpmLine): string {
  const bin = temporaryFolder();
  symlinkSync(join(folder, "bin/npm-cli.js"), join(bin, "npm"));
  return `${bin}${delimiter}${process.env["PATH"] ?? ""}`;
}
