/** Husky.Net as its documentation has it set up, by its own commands, with the real tool. */
import { safeInstall } from "../support/cli.ts";
import { temporaryFolder } from "../support/folder.ts";
import { csproj, hasDotnet, writeFiles } from "../support/nuget/project.ts";
import { snapshot } from "../support/nuget/scene.ts";
import { execa } from "execa";
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";

let project: string;
let home: string;

const run = async (file: string, ...args: string[]) =>
  (await execa(file, args, { cwd: project, env: { HOME: home, DOTNET_CLI_HOME: home }, stdin: "ignore" })).stdout;

/** "Get Started" of the documentation: a manifest, the tool, `husky install`, `husky attach`. A clone has only what is committed. */
async function setUp(): Promise<void> {
  const folder = temporaryFolder();
  [project, home] = [join(folder, "app"), join(folder, "home")];
  mkdirSync(join(home, ".nuget"), { recursive: true });
  cpSync(join(homedir(), ".nuget", "NuGet"), join(home, ".nuget", "NuGet"), { recursive: true });
  writeFiles(project, { "app.csproj": csproj({ "Newtonsoft.Json": "13.0.3" }), ".gitignore": "obj/\nbin/\n" });
  await run("git", "init", "-q", ".");
  await run("dotnet", "new", "tool-manifest");
  await run("dotnet", "tool", "install", "Husky", "--version", "0.9.1");
  await run("dotnet", "husky", "install");
  await run("dotnet", "husky", "attach", "app.csproj");
  await run("git", "config", "--unset", "core.hooksPath");
  for (const path of [join(project, ".husky", "_"), join(project, "obj"), join(home, ".dotnet")])
    rmSync(path, { recursive: true, force: true });
  rmSync(join(home, ".nuget", "packages"), { recursive: true, force: true });
}

async function restored(ids: readonly string[]) {
  const rules = ids.map((id) => ({
    packages: [`nuget:${id}`],
    unsigned: "allow",
    reason: "a test",
    expires: "2099-01-01",
  }));
  writeFiles(project, { ".signing-policy.json": JSON.stringify({ version: 1, rules }) });
  const before = snapshot(project);
  const env = { ...(process.env as Record<string, string>), HOME: home, DOTNET_CLI_HOME: home, NO_COLOR: "1" };
  const { exit, stdout, stderr } = await safeInstall(["dotnet", "restore"], { cwd: project, home, env });
  return { exit, stdout, stderr, before };
}

it.skipIf(!hasDotnet)(
  "Husky.Net's documented set-up is denied untouched with a policy that does not admit the tool, and restores with one that does",
  async () => {
    await setUp();
    expect(readFileSync(join(project, "app.csproj"), "utf8")).toContain("dotnet husky install");
    const { before, ...denied } = await restored(["Newtonsoft.Json"]);
    expect(denied).toMatchObject({ exit: 65, stderr: expect.stringMatching(/nuget:husky@0\.9\.1 +NO_RULE/) });
    expect(snapshot(project)).toEqual(before);
    expect([".dotnet", ".nuget/packages"].filter((name) => existsSync(join(home, name)))).toEqual([]);

    const { before: _, ...allowed } = await restored(["Newtonsoft.Json", "Husky"]);
    expect(allowed).toMatchObject({ exit: 0 });
    expect(await run("git", "config", "core.hooksPath")).toBe(".husky");
    expect(existsSync(join(project, ".husky", "_", "husky.sh"))).toBe(true);
    expect(existsSync(join(project, "obj", "project.assets.json"))).toBe(true);
  },
);
