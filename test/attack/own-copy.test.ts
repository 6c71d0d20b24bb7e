/** A change that brings a gate of its own is not judged by it, nor is what is judged out of the index. */
import { BIN, isolated } from "../support/cli.ts";
import { temporaryFolder } from "../support/folder.ts";
import { commitAll, git } from "../support/git.ts";
import { writeProject } from "../support/project.ts";
import { startRegistry } from "../support/registry.ts";
import { execa } from "execa";
import { cpSync, existsSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, it, onTestFinished } from "vitest";

const ROOT = resolve(BIN, "../../..");

/** A folder that holds this very program, and how to start it there. */
function projectWithGate() {
  const [project, home] = [join(temporaryFolder(), "project"), temporaryFolder()];
  cpSync(join(ROOT, "dist"), join(project, "tools", "dist"), { recursive: true });
  cpSync(join(ROOT, "package.json"), join(project, "tools", "package.json"));
  symlinkSync(join(ROOT, "node_modules"), join(project, "tools", "node_modules"));
  const run = (words: readonly string[], env: Record<string, string>) =>
    execa(process.execPath, [join(project, "tools", "dist", "src", "bin.js"), ...words], {
      cwd: project,
      env: { ...isolated(home), ...env },
      extendEnv: false,
      reject: false,
    });
  return {
    project,
    run,
    refuses: async (words: readonly string[]) => {
      const { exitCode, stderr } = await run(words, { CI: "true" });
      const said = expect.stringContaining("GATE_INSIDE_PROJECT") as string;
      expect({ exitCode, stderr }).toEqual({ exitCode: 64, stderr: said });
    },
    tells: async (words: readonly string[]) => {
      const told = await run(words, {});
      expect(told.exitCode, told.stderr).toBe(0);
      expect(told.stderr).toContain("lies inside the project");
    },
  };
}

it("safe-install out of the checkout: refused where CI=true, else told of", async () => {
  const { project, refuses, tells } = projectWithGate();
  const registry = await startRegistry({ packages: [{ name: "plain", version: "1.0.0" }] });
  onTestFinished(() => registry.close());
  const allow = { packages: ["npm:*"], unsigned: "allow", reason: "a test", expires: "2099-01-01" };
  writeProject(project, registry, {
    locked: [{ name: "plain", version: "1.0.0" }],
    policy: { version: 1, rules: [allow] },
  });
  await refuses(["npm", "ci"]);
  expect(existsSync(join(project, "node_modules"))).toBe(false);
  await tells(["npm", "ci"]);
});

it.each([[["check", "--staged"]], [["check", "--staged", "--changed-since", "HEAD"]], [["check"]]])(
  "safe-install out of the checkout, %j: refused where CI=true, else told of",
  async (check) => {
    const { project, refuses, tells } = projectWithGate();
    const words = [...check, "--offline"];
    writeFileSync(join(project, ".gitignore"), "tools\n");
    writeFileSync(join(project, ".signing-policy.json"), '{ "version": 1 }');
    writeFileSync(join(project, "package.json"), '{ "name": "app" }');
    const lock = { name: "app", lockfileVersion: 3, packages: { "": { name: "app" } } };
    writeFileSync(join(project, "package-lock.json"), JSON.stringify(lock));
    commitAll(project);
    git(project, "add", "--all");
    await refuses(words);
    await tells(words);
  },
);

it("nor does it say what is in order, or write what will be", async () => {
  const { project, refuses, run } = projectWithGate();
  writeFileSync(join(project, "package.json"), '{ "name": "app" }');
  const all = [["policy", "lint"], ["policy", "diff", "HEAD"], ["explain", "x"], ["verify", "x.tgz"], ["init"]];
  await Promise.all(all.map(refuses));
  expect((await run(["policy", "lint"], {})).stderr).toContain("lies inside the project");
});
