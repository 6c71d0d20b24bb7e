import { isolated } from "../support/cli.ts";
import { temporaryFolder } from "../support/folder.ts";
import { fetchPackage } from "../support/npm-lines.ts";
import { provenProject } from "../support/proven-project.ts";
import { snippet } from "../support/snippets.ts";
import { execa } from "execa";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { list } from "tar";
import { describe, expect, it } from "vitest";

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const OPTIONS = ["--offline", "--ignore-scripts", "--userconfig", "/dev/null", "--globalconfig", "/dev/null"];

/** What the snippets of docs/ci.md do, by each line of npm: packed by one, installed by the other. */
describe.each(["10", "11", "12"])("npm %s", (line) => {
  it("packs every dependency, and installs the tarball from nothing else", { timeout: 600_000 }, async () => {
    const [folder, home, prefix] = [temporaryFolder(), temporaryFolder(), temporaryFolder()];
    const PATH = await pathWith(line);
    const npm = async (cwd: string, ...args: readonly string[]) =>
      execa("npm", args, { cwd, env: { ...isolated(home), PATH }, extendEnv: false });
    await npm(ROOT, "pack", "--ignore-scripts", "--pack-destination", folder);
    const tarball = join(folder, readdirSync(folder)[0] ?? "");
    expect(await packagesIn(tarball)).toEqual(expect.arrayContaining([...runtimeDependencies()]));

    expect(snippet("github")).toContain("npm install --prefix safe-install " + OPTIONS.join(" "));
    await npm(folder, "install", "--prefix", prefix, ...OPTIONS, tarball);
    expect(readdirSync(join(prefix, "node_modules")).filter((name) => !name.startsWith("."))).toEqual(["safe-install"]);
    const gate = join(prefix, "node_modules", ".bin", "safe-install");
    const env = { ...isolated(home), PATH };
    const project = await provenProject();
    expect(await ci(gate, project, env)).toEqual([0, true]);
    rmSync(join(project, "node_modules"), { recursive: true });
    const policy = join(project, ".signing-policy.json");
    writeFileSync(policy, readFileSync(policy, "utf8").replaceAll("acme/", "stranger/"));
    expect(await ci(gate, project, env)).toEqual([65, false]);
  });
});

/** PATH with the newest npm of a line ahead of what else is there. */
async function pathWith(line: string): Promise<string> {
  const folder = await fetchPackage(`npm@${line}`, temporaryFolder());
  const bin = join(folder, "bin");
  mkdirSync(bin);
  symlinkSync("../node_modules/npm/bin/npm-cli.js", join(bin, "npm"));
  const PATH = `${bin}${delimiter}${process.env["PATH"] ?? ""}`;
  const { stdout } = await execa("npm", ["--version"], { cwd: folder, env: { PATH } });
  expect(stdout.split(".")[0]).toBe(line);
  return PATH;
}

/** Paths of packages below `package/`, sorted. */
async function packagesIn(tarball: string): Promise<readonly string[]> {
  const found: string[] = [];
  await list({
    file: tarball,
    onReadEntry: ({ path }) => {
      const inner = /^package\/((?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+)\/package\.json$/.exec(path)?.[1];
      if (inner !== undefined) found.push(inner);
    },
  });
  return found.toSorted();
}

/** What the lock says that is installed everywhere, whatever development asks for. */
function runtimeDependencies(): readonly string[] {
  const { packages } = JSON.parse(readFileSync(join(ROOT, "package-lock.json"), "utf8")) as {
    readonly packages: Readonly<
      Record<string, { readonly dev?: boolean; readonly optional?: boolean; readonly devOptional?: boolean }>
    >;
  };
  const kept = Object.entries(packages).filter(
    ([path, one]) => path !== "" && !one.dev && !one.optional && !one.devOptional,
  );
  return kept.map(([path]) => path).toSorted();
}

/** @returns the exit code, and whether the package is there */
async function ci(gate: string, cwd: string, env: Record<string, string>): Promise<readonly unknown[]> {
  const { exitCode } = await execa(gate, ["npm", "ci"], { cwd, env, extendEnv: false, reject: false });
  return [exitCode, existsSync(join(cwd, "node_modules", "widget", "package.json"))];
}
