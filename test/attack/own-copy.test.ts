/** A change that brings a gate of its own is not judged by it. */
import { BIN, isolated } from "../support/cli.ts";
import { temporaryFolder } from "../support/folder.ts";
import { writeProject } from "../support/project.ts";
import { startRegistry } from "../support/registry.ts";
import { execa } from "execa";
import { cpSync, existsSync, symlinkSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, it, onTestFinished } from "vitest";

const ROOT = resolve(BIN, "../../..");

it("safe-install out of the checkout: refused where CI=true, else told of", async () => {
  const [project, home] = [join(temporaryFolder(), "project"), temporaryFolder()];
  const registry = await startRegistry({ packages: [{ name: "plain", version: "1.0.0" }] });
  onTestFinished(() => registry.close());
  const allow = { packages: ["npm:*"], unsigned: "allow", reason: "a test", expires: "2099-01-01" };
  cpSync(join(ROOT, "dist"), join(project, "tools", "dist"), { recursive: true });
  cpSync(join(ROOT, "package.json"), join(project, "tools", "package.json"));
  symlinkSync(join(ROOT, "node_modules"), join(project, "tools", "node_modules"));
  writeProject(project, registry, {
    locked: [{ name: "plain", version: "1.0.0" }],
    policy: { version: 1, rules: [allow] },
  });
  const run = (env: Record<string, string>) =>
    execa(process.execPath, [join(project, "tools", "dist", "src", "bin.js"), "npm", "ci"], {
      cwd: project,
      env: { ...isolated(home), ...env },
      extendEnv: false,
      reject: false,
    });
  const refused = await run({ CI: "true" });
  expect({ exit: refused.exitCode, stderr: refused.stderr }).toMatchObject({
    exit: 64,
    stderr: expect.stringContaining("GATE_INSIDE_PROJECT") as string,
  });
  expect(existsSync(join(project, "node_modules"))).toBe(false);
  const told = await run({});
  expect(told.exitCode, told.stderr).toBe(0);
  expect(told.stderr).toContain("lies inside the project");
});
