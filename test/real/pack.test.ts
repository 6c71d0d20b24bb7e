/** The package as it would be released: the same bytes out of two clones, installed and used by three lines of npm. */
import { isolated } from "../support/cli.ts";
import { temporaryFolder } from "../support/folder.ts";
import { writeProject } from "../support/project.ts";
import { startRegistry } from "../support/registry.ts";
import { createInstance, policyFor, publishSigned } from "../support/signed.ts";
import { execa } from "execa";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";

const ROOT = resolve(import.meta.dirname, "../..");

const clones = mkdtempSync(join(tmpdir(), "safe-install-clones-"));
afterAll(() => rmSync(clones, { recursive: true, force: true }));

let tarball: string;
let again: string;

beforeAll(async () => {
  const { stdout: commit } = await execa("git", ["rev-parse", "HEAD"], { cwd: ROOT });
  tarball = await packClone(commit, "022");
  again = await packClone(commit, "002");
}, 600_000);

/** Packs a commit, in a clone of its own, as somebody with that umask. tar keeps what the owner alone may read (077). */
async function packClone(commit: string, umask: string): Promise<string> {
  const folder = join(clones, umask);
  const clone = join(folder, "clone");
  mkdirSync(folder);
  const commands = `
    umask ${umask}
    git clone --quiet --no-hardlinks "${ROOT}" "${clone}"
    cd "${clone}"
    git checkout --quiet "${commit}"
    npm ci --silent --no-audit --no-fund --prefer-offline
    npm pack --silent --pack-destination "${folder}"`;
  await execa("bash", ["-e", "-c", commands], { env: { GIT_CONFIG_GLOBAL: "/dev/null" } });
  return join(folder, "safe-install-0.1.0.tgz");
}

it("two clones of one commit, packed by people with another umask: the same bytes", () => {
  const [one, other] = [tarball, again].map((file) => createHash("sha256").update(readFileSync(file)).digest("hex"));
  expect(other).toBe(one);
});

describe.each(["10", "11", "12"])("npm %s", (line) => {
  it("installs it into an empty folder, offline and without scripts, and it works there", async () => {
    const bin = await npmOf(line);
    const [home, tools] = [temporaryFolder(), temporaryFolder()];
    const env = { ...isolated(home), PATH: `${bin}${delimiter}${process.env["PATH"] ?? ""}` };
    const inTools = { cwd: tools, env, extendEnv: false };
    const { stdout: version } = await execa("npm", ["--version"], inTools);
    expect(version.split(".")[0]).toBe(line);
    await execa("npm", ["install", "--prefix", tools, "--offline", "--ignore-scripts", tarball], inTools);

    const registry = await startRegistry();
    onTestFinished(() => registry.close());
    const instance = await createInstance();
    await publishSigned(registry, instance, { name: "widget", version: "1.0.0" });
    registry.publish({ name: "plain", version: "1.0.0" });
    const gate = join(tools, "node_modules", ".bin", "safe-install");
    const use = async (name: string) => {
      const project = join(temporaryFolder(), "project");
      const files = { "trust/root.json": instance.trustedRoot };
      writeProject(project, registry, {
        locked: [{ name, version: "1.0.0" }],
        policy: policyFor(["widget", "plain"]),
        files,
      });
      const { exitCode } = await execa(gate, ["npm", "ci"], { cwd: project, env, extendEnv: false, reject: false });
      return [exitCode, existsSync(join(project, "node_modules", name))];
    };
    expect(await use("widget")).toEqual([0, true]);
    expect(await use("plain")).toEqual([65, false]);
  });
});

/** A folder with that npm, which comes from the registry. */
async function npmOf(line: string): Promise<string> {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "package.json"), "{}");
  await execa("npm", ["install", `npm@${line}`, "--no-audit", "--no-fund", "--ignore-scripts"], { cwd: folder });
  const bin = join(folder, "bin");
  mkdirSync(bin);
  symlinkSync("../node_modules/npm/bin/npm-cli.js", join(bin, "npm"));
  return bin;
}
