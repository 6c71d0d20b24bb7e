import { safeInstall } from "../support/cli.ts";
import { npmStage } from "../support/npm-stage.ts";
import { type ProjectFiles, writeProject } from "../support/project.ts";
import { policyFor, publishSigned } from "../support/signed.ts";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const stage = npmStage(async ({ registry, instance }) => {
  await publishSigned(registry, instance, { name: "widget", version: "1.0.0" });
  registry.publish({ name: "plain", version: "1.0.0" });
});

function write(name: string, files: ProjectFiles["files"] = {}): void {
  writeProject(stage.project, stage.registry, {
    locked: [{ name, version: "1.0.0" }],
    policy: policyFor(["widget", "plain"]),
    files: { "trust/root.json": stage.instance.trustedRoot, ...files },
  });
}
const run = (...args: string[]) => safeInstall(args, { cwd: stage.project, home: stage.home });
const installed = () => existsSync(join(stage.project, "node_modules"));

describe("safe-install alone", () => {
  it("gates and runs the locked install of what lies here", async () => {
    write("widget");
    const { exit, stderr } = await run();
    expect({ exit, stderr }).toMatchObject({ exit: 0, stderr: expect.stringContaining("safe-install npm ci") });
    expect(readdirSync(join(stage.project, "node_modules"))).toContain("widget");
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
    const { exit, stderr } = await safeInstall([], { cwd: stage.home, home: stage.home });
    expect({ exit, stderr }).toEqual({ exit: 64, stderr: expect.stringContaining("NOTHING_HERE") });
  });

  it("without a policy it is not a way around one", async () => {
    writeProject(stage.project, stage.registry, { locked: [{ name: "widget", version: "1.0.0" }] });
    expect((await run()).exit).toBe(78);
    expect(installed()).toBe(false);
  });
});
