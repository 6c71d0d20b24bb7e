import { safeInstall } from "../support/cli.ts";
import { temporaryFolder } from "../support/folder.ts";
import { type ProjectFiles, writeProject } from "../support/project.ts";
import { type Registry, startRegistry } from "../support/registry.ts";
import type { Instance } from "../support/sigstore.ts";
import { createInstance, policyFor, publishSigned } from "../support/signed.ts";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

let instance: Instance;
let registry: Registry;
let home: string;
let project: string;

beforeAll(async () => {
  instance = await createInstance();
  registry = await startRegistry();
  await publishSigned(registry, instance, { name: "widget", version: "1.0.0" });
  registry.publish({ name: "plain", version: "1.0.0" });
});
afterAll(() => registry.close());
beforeEach(() => {
  home = temporaryFolder();
  project = join(temporaryFolder(), "project");
});

function write(name: string, files: ProjectFiles["files"] = {}): void {
  writeProject(project, registry, {
    locked: [{ name, version: "1.0.0" }],
    policy: policyFor(["widget", "plain"]),
    files: { "trust/root.json": instance.trustedRoot, ...files },
  });
}
const run = (...args: string[]) => safeInstall(args, { cwd: project, home });
const installed = () => existsSync(join(project, "node_modules"));

describe("safe-install alone", () => {
  it("gates and runs the locked install of what lies here", async () => {
    write("widget");
    const { exit, stderr } = await run();
    expect({ exit, stderr }).toMatchObject({ exit: 0, stderr: expect.stringContaining("safe-install npm ci") });
    expect(readdirSync(join(project, "node_modules"))).toContain("widget");
  });

  it("takes our options", async () => {
    write("plain");
    const { exit, stdout } = await run("--report", "json");
    expect(exit).toBe(65);
    expect(JSON.parse(stdout)).toMatchObject({ command: "npm ci", outcome: "denied" });
    expect(installed()).toBe(false);
  });

  it("names locks that nobody gates", async () => {
    write("widget", { "pnpm-lock.yaml": "", "Gemfile.lock": "" });
    const { exit, stderr } = await run();
    expect(exit).toBe(0);
    expect(stderr).toContain("pnpm-lock.yaml is not supported, and not installed");
    expect(stderr).toContain("Gemfile.lock is not supported");
  });

  it("where nothing lies it says so", async () => {
    const { exit, stderr } = await safeInstall([], { cwd: home, home });
    expect({ exit, stderr }).toEqual({ exit: 64, stderr: expect.stringContaining("NOTHING_HERE") });
  });

  it("without a policy it is not a way around one", async () => {
    writeProject(project, registry, { locked: [{ name: "widget", version: "1.0.0" }] });
    expect((await run()).exit).toBe(78);
    expect(installed()).toBe(false);
  });
});
