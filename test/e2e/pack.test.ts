import { isolated } from "../support/cli.ts";
import { temporaryFolder } from "../support/folder.ts";
import { provenProject } from "../support/proven-project.ts";
import { execa } from "execa";
import { existsSync, readdirSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { list } from "tar";
import { expect, it } from "vitest";

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), "../..");

/** What a user gets: the packed files, which hold their dependencies, installed globally into an empty prefix. */
it("the packed tarball, installed globally into an empty prefix, works", { timeout: 300_000 }, async () => {
  const [home, folder, prefix] = [temporaryFolder(), temporaryFolder(), temporaryFolder()];
  const tarball = process.env["SAFE_INSTALL_TARBALL"] ?? (await pack(folder));
  const paths = (await membersOf(tarball)).map((path) => path.replace(/^package\//, ""));
  expect(paths).toContain("signing-policy.schema.json");
  expect(paths).toContain("report.d.ts");
  expect(paths).toContain("dist/plugins/pip/python/guard.py");
  expect(paths).toContain("docs/codes.md");
  expect(
    paths.filter(
      (path) =>
        !/^(dist\/(src|plugins)\/|node_modules\/|[a-z-]+\.(?:schema\.json|d\.ts)$|LICENSE$|(?:docs\/)?\w+\.md$|docs\/pictures\/[a-z-]+\.png$|package\.json$)/.test(
          path,
        ),
    ),
  ).toEqual([]);

  // Without a registry and with an empty cache: every byte that runs is in the tarball.
  await execa("npm", ["install", "--global", "--prefix", prefix, "--offline", "--ignore-scripts", tarball], {
    cwd: folder,
    env: isolated(home),
    extendEnv: false,
  });
  const bin = join(prefix, "bin", "safe-install");

  const project = await provenProject();
  const run = (...args: string[]) =>
    execa(bin, args, { cwd: project, env: isolated(home), extendEnv: false, reject: false });
  expect((await run("--version")).stdout).toBe("0.1.0");
  expect((await run("--help")).stdout).toContain("safe-install npm ci");
  expect((await run("npm", "ci")).exitCode).toBe(0);
  expect(existsSync(join(project, "node_modules", "widget", "package.json"))).toBe(true);
});

async function pack(folder: string): Promise<string> {
  await execa("npm", ["pack", "--ignore-scripts", "--pack-destination", folder], { cwd: ROOT });
  return join(folder, readdirSync(folder)[0] ?? "");
}

async function membersOf(tarball: string): Promise<readonly string[]> {
  const members: string[] = [];
  await list({ file: tarball, onReadEntry: ({ path }) => void members.push(path) });
  return members;
}
