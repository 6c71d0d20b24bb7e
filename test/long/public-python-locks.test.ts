/**
 * Public locks of Python's tools, kept in `test/long/locks` as repository, path, commit, and by name, version, file names and
 * hashes: `init`, `check` and `pip install` with every pip at hand (`SAFE_INSTALL_TEST_PIPS=all`) lay down what plain pip lays
 * there, file by file. A refusal is a failure. A loopback index serves them: real wheels where they are at hand
 * (`SAFE_INSTALL_WHEELS`) and have the lock's hash, else one that is minted for the name.
 */
import { isolated, safeInstall } from "../support/cli.ts";
import { temporaryFolder } from "../support/folder.ts";
import { type Index, makeWheel, sha256, startIndex } from "../support/pypi.ts";
import { hasPip, makeEnvironment, NEWEST_PIP, PIPS, PYTHON, WHEELS } from "../support/pypi/pythons.ts";
import { differing, plainPip } from "../support/pypi/tree.ts";
import { layRepository } from "../support/repository.ts";
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliDecompressSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

interface Kept {
  readonly repository: string;
  readonly path: string;
  readonly commit: string;
  /** Name, version, and of each wheel for this platform its file name and sha256 (base64url). */
  readonly packages: readonly (readonly [string, string, readonly (readonly [string, string])[]])[];
}

/** One release as it is served. */
interface Served {
  readonly name: string;
  readonly version: string;
  readonly files: readonly { readonly filename: string; readonly sha256: string; readonly isReal: boolean }[];
}

const FOLDER = join(import.meta.dirname, "locks");
const NAMES = readdirSync(FOLDER).map((file) => file.replace(/\.br$/, ""));
const readKept = (name: string) =>
  JSON.parse(brotliDecompressSync(readFileSync(join(FOLDER, `${name}.br`))).toString()) as Kept;

let index: Index;
const served = new Map<string, readonly Served[]>();

beforeAll(async () => {
  index = await startIndex();
});
afterAll(() => index.close());

function releasesOf(name: string): readonly Served[] {
  const found = served.get(name) ?? serve(readKept(name));
  served.set(name, found);
  return found;
}

/** Whatever this interpreter can take; the interpreter's own pip stays as it is. */
function serve({ packages }: Kept): readonly Served[] {
  const fits = new Set(fitting(packages.flatMap(([, , files]) => files.map(([filename]) => filename))));
  return packages.flatMap(([name, version, files]): readonly Served[] => {
    const own = files.filter(([filename]) => fits.has(filename));
    if (own.length === 0 || name === "pip") return [];
    return [{ name, version, files: own.map(([filename, hash]) => publish(name, version, filename, hash)) }];
  });
}

function publish(name: string, version: string, filename: string, hash: string) {
  const at = join(WHEELS, filename);
  const real = existsSync(at) ? readFileSync(at) : null;
  const isReal = real !== null && sha256(real) === Buffer.from(hash, "base64url").toString("hex");
  const minted = makeWheel({ name, version });
  const bytes = isReal ? real : minted.bytes;
  const project = name.toLowerCase().replaceAll(/[-_.]+/g, "-");
  index.publish({ ...minted, bytes, filename, project, ...(isReal ? { statedMetadata: false as const } : {}) });
  return { filename, sha256: sha256(bytes), isReal };
}

/** By pip's own reading of names and tags. */
function fitting(names: readonly string[]): readonly string[] {
  const code = `import json, sys
sys.path.insert(0, sys.argv[1])
from pip._vendor.packaging.tags import sys_tags
from pip._vendor.packaging.utils import parse_wheel_filename
tags = set(sys_tags())
print(json.dumps([one for one in json.load(sys.stdin) if not parse_wheel_filename(one)[3].isdisjoint(tags)]))`;
  const answer = execFileSync(PYTHON!, ["-I", "-c", code, NEWEST_PIP!.wheel], { input: JSON.stringify(names) });
  return JSON.parse(answer.toString()) as string[];
}

function requirementsOf(releases: readonly Served[]): string {
  const lines = releases.map(({ name, version, files }) => {
    const hashes = [...new Set(files.map((file) => `--hash=sha256:${file.sha256}`))];
    return `${name}==${version} ${hashes.join(" ")}`;
  });
  return `${lines.join("\n")}\n`;
}

/** PEP 751. */
function pylockOf(releases: readonly Served[]): string {
  const packages = releases.map(({ name, version, files }) => {
    const wheels = files.map(
      ({ filename, sha256: hash }) =>
        `{ name = "${filename}", url = "${index.origin}/files/${filename}", hashes = { sha256 = "${hash}" } }`,
    );
    return `[[packages]]\nname = "${name}"\nversion = "${version}"\nindex = "${index.url}"\nwheels = [${wheels.join(", ")}]\n`;
  });
  return `lock-version = "1.0"\ncreated-by = "test"\n${packages.join("")}`;
}

const POLICY = {
  version: 1,
  rules: [{ packages: ["pypi:*"], unsigned: "allow", reason: "t", expires: "2099-01-01" }],
};

function lay(files: Readonly<Record<string, string>>): string {
  const project = join(temporaryFolder(), "project");
  layRepository(project);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(project, name), text);
  return project;
}

/** Of some releases a lock has two, by markers: an environment takes one. */
function onceEach(releases: readonly Served[]): readonly Served[] {
  return [...new Map(releases.map((one) => [one.name, one])).values()];
}

const env = () => ({ PIP_INDEX_URL: index.url, PIP_DISABLE_PIP_VERSION_CHECK: "1" });

describe.skipIf(!hasPip)("public locks", () => {
  it.each(NAMES)("%s: init and check", async (name) => {
    const releases = releasesOf(name);
    const project = lay({ "pylock.toml": pylockOf(releases) });
    const run = (...args: string[]) => safeInstall(args, { cwd: project, home: temporaryFolder(), env: env() });
    const made = await run("init", "--record");
    expect(made.exit, made.stderr).toBe(0);
    const { exit, stdout, stderr } = await run("check");
    expect(exit, `${stdout}${stderr}`).toBe(0);
  });

  describe.each(PIPS)("pip $version", (pip) => {
    it.each(NAMES)("%s: the same tree", async (name) => {
      const releases = onceEach(releasesOf(name));
      const [home, top] = [temporaryFolder(), realpathSync(temporaryFolder())];
      const project = lay({
        "requirements.txt": requirementsOf(releases),
        ".signing-policy.json": JSON.stringify(POLICY),
      });
      const [plain, gated] = [join(top, "plain"), join(top, "gated")];
      for (const folder of [plain, gated]) makeEnvironment(folder, pip);
      // What is left out here, because no wheel of it fits, another may ask for.
      const words = ["install", "-q", "--no-deps", "-r", "requirements.txt"];
      await plainPip(plain, words, { cwd: project, env: { ...isolated(home), ...env() } });
      const { exit, stderr } = await safeInstall([join(gated, "bin/pip"), ...words], {
        cwd: project,
        home,
        env: env(),
      });
      expect(exit, stderr).toBe(0);
      const { files, other } = differing(plain, gated);
      expect(other).toEqual([]);
      const real = releases.filter((one) => one.files.some(({ isReal }) => isReal)).length;
      console.log(`pip ${pip.version}, ${name}: ${releases.length} packages (${real} real), ${files} files`);
    });
  });
});
