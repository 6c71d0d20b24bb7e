/** A safe-install among the project's own packages: it is set aside with them while the installer works. */
import { BIN, isolated } from "../support/cli.ts";
import { npmStage } from "../support/npm-stage.ts";
import { writeProject } from "../support/project.ts";
import { policyFor, publishSigned } from "../support/signed.ts";
import { execa } from "execa";
import { cpSync, existsSync, symlinkSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, it } from "vitest";

const ROOT = resolve(BIN, "../../..");

const stage = npmStage(async ({ registry, instance }) => {
  await publishSigned(registry, instance, { name: "widget", version: "1.0.0" });
});

it("installs although its own files are moved meanwhile", async () => {
  writeProject(stage.project, stage.registry, {
    locked: [{ name: "widget", version: "1.0.0" }],
    policy: policyFor(["widget"]),
    files: { "trust/root.json": stage.instance.trustedRoot },
  });
  const own = join(stage.project, "node_modules", "safe-install");
  for (const one of ["dist", "package.json"]) cpSync(join(ROOT, one), join(own, one), { recursive: true });
  symlinkSync(join(ROOT, "node_modules"), join(own, "node_modules"));
  const { exitCode, stderr } = await execa(process.execPath, [join(own, "dist", "src", "bin.js"), "npm", "ci"], {
    cwd: stage.project,
    env: isolated(stage.home),
    extendEnv: false,
    reject: false,
    stdin: "ignore",
  });
  expect(exitCode, stderr).toBe(0);
  expect(existsSync(join(stage.project, "node_modules", "widget"))).toBe(true);
});
