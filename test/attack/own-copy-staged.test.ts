/** What is judged out of the index is judged by no copy that the repository brings along, either. */
import { BIN, isolated } from "../support/cli.ts";
import { temporaryFolder } from "../support/folder.ts";
import { commitAll, git } from "../support/git.ts";
import { execa } from "execa";
import { cpSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, it } from "vitest";

const ROOT = resolve(BIN, "../../..");

it.each([[["check", "--staged"]], [["check", "--staged", "--changed-since", "HEAD"]], [["check"]]])(
  "safe-install out of the checkout, %j: refused where CI=true, else told of",
  async (words) => {
    const [project, home] = [join(temporaryFolder(), "project"), temporaryFolder()];
    cpSync(join(ROOT, "dist"), join(project, "tools", "dist"), { recursive: true });
    cpSync(join(ROOT, "package.json"), join(project, "tools", "package.json"));
    symlinkSync(join(ROOT, "node_modules"), join(project, "tools", "node_modules"));
    writeFileSync(join(project, ".gitignore"), "tools\n");
    writeFileSync(join(project, ".signing-policy.json"), '{ "version": 1 }');
    writeFileSync(join(project, "package.json"), '{ "name": "app" }');
    const lock = { name: "app", lockfileVersion: 3, packages: { "": { name: "app" } } };
    writeFileSync(join(project, "package-lock.json"), JSON.stringify(lock));
    commitAll(project);
    git(project, "add", "--all");
    const run = (env: Record<string, string>) =>
      execa(process.execPath, [join(project, "tools", "dist", "src", "bin.js"), ...words, "--offline"], {
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
    const told = await run({});
    expect(told.exitCode, told.stderr).toBe(0);
    expect(told.stderr).toContain("lies inside the project");
  },
);
