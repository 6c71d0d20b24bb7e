import { isolated } from "../support/cli.ts";
import { type Index, makeWheel, startIndex } from "../support/pypi.ts";
import { sharedFolder } from "../support/folder.ts";
import { hasPip, PYTHON } from "../support/pypi/pythons.ts";
import { policyFor, publishSigned } from "../support/pypi/signed.ts";
import { setStage, type Stage } from "../support/pypi/stage.ts";
import { createInstance, type Instance } from "../support/sigstore.ts";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { appendFileSync, chmodSync, cpSync, existsSync, linkSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { renameSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";

let instance: Instance;
let index: Index;
let installed: Stage;
const below = sharedFolder();

type Tamper = (folder: string, here: Stage) => void;

/** What somebody does to an installed package of the name on the left, in its own folder `site-packages/NAME`. */
const TAMPERED: Readonly<Record<string, Tamper>> = {
  content: (folder) => writeFileSync(join(folder, "__init__.py"), "VALUE = 2\n"),
  executable: (folder) => chmodSync(join(folder, "__init__.py"), 0o755),
  writable: (folder) => chmodSync(join(folder, "__init__.py"), 0o666),
  ajar: (folder) => chmodSync(folder, 0o777),
  linked: (folder) => {
    renameSync(join(folder, "__init__.py"), join(folder, "../../linked.txt"));
    symlinkSync("../../linked.txt", join(folder, "__init__.py"));
  },
  twice: (folder) => linkSync(join(folder, "__init__.py"), join(folder, "../../twice.txt")),
  gone: (folder) => rmSync(join(folder, "__init__.py")),
  command: (_, { environment }) => appendFileSync(join(environment.folder, "bin/command"), "print('more')\n"),
  script: (_, { environment }) => appendFileSync(join(environment.folder, "bin/of-script"), "\nprint('more')\n"),
  data: (_, { environment }) => writeFileSync(join(environment.folder, "share/data.txt"), "other"),
  record: (folder) => appendFileSync(join(infoOf(folder), "RECORD"), "../../../share/data.txt,,\n"),
  forgotten: (folder) => writeFileSync(join(infoOf(folder), "RECORD"), "forgotten/__init__.py,,\n"),
  elsewhere: (folder) => writeFileSync(join(infoOf(folder), "direct_url.json"), "{}"),
  installer: (folder) => writeFileSync(join(infoOf(folder), "INSTALLER"), "other\n"),
  metadata: (folder) => appendFileSync(join(infoOf(folder), "METADATA"), "\nnothing"),
  double: (folder) => cpSync(infoOf(folder), infoOf(folder).replace("1.0.0", "0.9"), { recursive: true }),
  neighbour: (folder) => writeFileSync(join(folder, "_speedups.py"), "raise SystemExit(7)\n"),
  nested: (folder) => {
    mkdirSync(join(folder, "deep/er"), { recursive: true });
    writeFileSync(join(folder, "deep/er/x.txt"), "");
  },
};
const NAMES = ["intact", "carries", ...Object.keys(TAMPERED)];
const TAG = hasPip ? execFileSync(PYTHON ?? "", ["-Ic", "import sys; print(sys.implementation.cache_tag)"]) : "";

function infoOf(folder: string): string {
  return `${folder}-1.0.0.dist-info`;
}

beforeAll(async () => {
  instance = await createInstance();
  index = await startIndex();
  for (const name of NAMES) {
    const own = `${name}-1.0.0`;
    const files = {
      [`${name}/__init__.py`]: "VALUE = 1\n",
      ...(name === "command"
        ? { [`${own}.dist-info/entry_points.txt`]: "[console_scripts]\ncommand = command:x\n" }
        : {}),
      ...(name === "script" ? { [`${own}.data/scripts/of-script`]: "#!python\n" } : {}),
      // As numpy 1.26: pip compiles over it.
      ...(name === "carries" ? { [`${name}/__pycache__/__init__.${String(TAG).trim()}.pyc`]: "old" } : {}),
      ...(name === "data" ? { [`${own}.data/data/share/data.txt`]: "one" } : {}),
    };
    await publishSigned(index, instance, makeWheel({ name, version: "1.0.0", files }));
  }
  await publishSigned(index, instance, makeWheel({ name: "deep", version: "1.0.0" }));
  const spaced = { "spaced/inner/mod.py": "VALUE = 1\n" };
  await publishSigned(index, instance, makeWheel({ name: "nsone", version: "1.0.0", files: spaced }));
  if (!hasPip) return;
  installed = setStage({ instance, pinned: [...NAMES, "nsone"], below });
  installed.write("requirements.txt", NAMES.map((one) => `${one}==1.0.0\n`).join(""));
  const first = await again(installed);
  expect(first.exit, first.stderr).toBe(0);
});
afterAll(() => index.close());

const again = (here: Stage, ...more: readonly string[]) =>
  here.pip("install", "-i", index.url, "-r", "requirements.txt", ...more);

const folderOf = ({ environment }: Stage, name: string) => join(environment.sitePackages, name);
const inodeOf = (here: Stage, name: string) =>
  statSync(join(folderOf(here, name), "__init__.py"), { throwIfNoEntry: false })?.ino;

/** What plain Python prints of these modules, without our words. */
function values(here: Stage, ...names: readonly string[]): string {
  const lines = names.map((name) => `import ${name}; print(${name}.VALUE)`).join("\n");
  return execFileSync(here.environment.python, ["-c", lines], { env: isolated(here.home), encoding: "utf8" });
}

describe.skipIf(!hasPip)("what lies in the environment already", () => {
  it("is proven in place and left alone: no index, no pip, and no bytecode that somebody else made", async () => {
    const before = NAMES.map((name) => inodeOf(installed, name));
    for (const name of ["intact", "carries"]) {
      const source = join(folderOf(installed, name), "__init__.py");
      const { atime, mtime } = statSync(source);
      writeFileSync(source, "VALUE = 3\n");
      utimesSync(source, atime, mtime);
      execFileSync(installed.environment.python, ["-m", "compileall", "-q", "-f", source]);
      writeFileSync(source, "VALUE = 1\n");
      utimesSync(source, atime, mtime);
    }
    expect(values(installed, "intact", "carries")).toBe("3\n3\n");
    // Who can write a `.pth` can write a record of it, too: it is named. virtualenv brings its own, and does not record it.
    const starting = [plantRecorded("recorded.pth", "import os\n"), folderOf(installed, "_virtualenv.pth")];
    for (const [ending, text] of [
      [".pth", "import _virtualenv"],
      [".py", ""],
    ] as const) {
      const path = folderOf(installed, `_virtualenv${ending}`);
      writeFileSync(path, text);
      onTestFinished(() => rmSync(path));
    }

    const asked = index.requests.length;
    const { exit, stderr } = await again(installed);
    expect(exit, stderr).toBe(0);
    expect(stderr).toContain(`${NAMES.length} of ${NAMES.length} lie there as proven: nothing is installed`);
    for (const path of starting) expect(stderr).toContain(path);
    expect(index.requests.slice(asked)).toEqual([]);
    expect(NAMES.map((name) => inodeOf(installed, name))).toEqual(before);
    expect(existsSync(join(folderOf(installed, "intact"), "__pycache__"))).toBe(false);
    expect(values(installed, "intact", "carries", "data")).toBe("1\n1\n1\n");
  });

  it("is installed again where anything of it is not as pip would write it", async () => {
    const before = new Map(NAMES.map((name) => [name, inodeOf(installed, name)]));
    for (const [name, tamper] of Object.entries(TAMPERED)) tamper(folderOf(installed, name), installed);
    const { exit, stderr } = await again(installed);
    expect(exit, stderr).toBe(0);
    expect(stderr).toContain(`2 of ${NAMES.length} lie there as proven: the others are installed`);
    expect(NAMES.filter((name) => inodeOf(installed, name) === before.get(name))).toEqual(["intact", "carries"]);
    expect(values(installed, ...NAMES)).toBe("1\n".repeat(NAMES.length));
    const { folder, sitePackages } = installed.environment;
    expect(readFileSync(join(folder, "share/data.txt"), "utf8")).toBe("one");
    for (const script of ["command", "of-script"])
      expect(readFileSync(join(folder, "bin", script), "utf8")).not.toContain("more");
    expect(statSync(join(sitePackages, "executable/__init__.py")).mode & 0o111).toBe(0);
    expect(readFileSync(join(sitePackages, "record-1.0.0.dist-info/RECORD"), "utf8")).not.toContain("share/data.txt");
    const strangers = ["neighbour/_speedups.py", "nested/deep/er/x.txt", "elsewhere-1.0.0.dist-info/direct_url.json"];
    for (const stranger of strangers) expect(stderr).toContain(stranger);
  });

  it("is installed again, and named, beside what starts with Python and is nobody's", async () => {
    const before = inodeOf(installed, "intact");
    const paths = ["foreign.pth", "sitecustomize.py"].map((name) => folderOf(installed, name));
    for (const path of paths) writeFileSync(path, "import os\n");
    const { exit, stderr } = await again(installed);
    for (const path of paths) rmSync(path);
    expect(exit, stderr).toBe(0);
    for (const path of paths) expect(stderr).toContain(path);
    expect(inodeOf(installed, "intact")).not.toBe(before);
  });

  it("is installed again beside a link that starts with Python, whatever records it", async () => {
    const before = inodeOf(installed, "intact");
    const leads = join(installed.home, "elsewhere.txt");
    writeFileSync(leads, "import os\n");
    const path = plantRecorded("linked.pth", "import os\n", leads);
    const { exit, stderr } = await again(installed);
    expect(exit, stderr).toBe(0);
    expect(stderr).toContain(path);
    expect(inodeOf(installed, "intact")).not.toBe(before);
  });

  /** A file, or a link to one, in the environment's library, and a record of it. */
  function plantRecorded(name: string, content: string, leads?: string): string {
    const [path, info] = [folderOf(installed, name), folderOf(installed, `${name}-1.dist-info`)];
    if (leads === undefined) writeFileSync(path, content);
    else symlinkSync(leads, path);
    const hash = createHash("sha256").update(content).digest("base64url");
    mkdirSync(info);
    for (const one of [path, info]) onTestFinished(() => rmSync(one, { recursive: true }));
    writeFileSync(join(info, "RECORD"), `${name},sha256=${hash},${content.length}\n`);
    return path;
  }

  it("is installed again, and named, below what makes a package of its namespace and is nobody's", async () => {
    const install = () => installed.pip("install", "-i", index.url, "nsone==1.0.0");
    const planted = folderOf(installed, "spaced/__init__.py");
    expect(await install()).toMatchObject({ exit: 0 });
    expect((await install()).stderr).toContain("1 of 1 lie there as proven");
    writeFileSync(planted, "VALUE = 7\n");
    const { exit, stderr } = await install();
    rmSync(planted);
    expect(exit, stderr).toBe(0);
    expect(stderr).toContain(planted);
    expect(stderr).not.toContain("lie there as proven");
  });

  it("is refused where something would run in its place", async () => {
    const path = join(installed.environment.sitePackages, "intact/__init__.abi3.so");
    writeFileSync(path, "");
    const { exit, stderr } = await again(installed);
    rmSync(path);
    expect(exit, stderr).toBe(66);
    expect(stderr).toContain("intact/__init__.abi3.so");
  });

  it("is judged anew: what was let in yesterday may be denied today", async () => {
    const policy = policyFor(NAMES);
    installed.write(".signing-policy.json", policyFor(NAMES.filter((one) => one !== "intact")));
    const { exit, stderr } = await again(installed);
    installed.write(".signing-policy.json", policy);
    expect(exit, stderr).toBe(65);
    expect(stderr).toContain("pypi:intact@1.0.0");
  });

  /** The file of the cache that says what was installed. */
  function remembered(): string {
    const cache = join(installed.home, ".cache");
    const texts = readdirSync(cache, { recursive: true, withFileTypes: true })
      .filter((one) => one.isFile())
      .map((one) => join(one.parentPath, one.name));
    const entry = texts.find((file) => /"filename":"intact-1/.test(readFileSync(file, "latin1")));
    if (entry === undefined) throw new Error("nothing is remembered of what was installed");
    return entry;
  }

  it("has its evidence asked for where it is by now", async () => {
    const entry = remembered();
    const kept = readFileSync(entry, "utf8");
    const moved = kept.replace(
      /("filename":"intact[^}]*"provenance":")[^"]*/,
      `$1${new URL("/moved", index.url).href}`,
    );
    expect(moved).not.toBe(kept);
    writeFileSync(entry, moved);
    const { exit, stderr } = await again(installed);
    writeFileSync(entry, kept);
    expect(exit, stderr).toBe(0);
    expect(stderr).toContain("lie there as proven");
  });

  it("counts by its bytes, whatever a cache says of it", async () => {
    const entry = remembered();
    const kept = readFileSync(entry, "utf8");
    const other = "https://elsewhere.invalid/simple/intact/";
    const lies = (name: string, member: string, other: string) =>
      [new RegExp(`("filename":"${name}[^}]*"${member}":")[^"]*`), `$1${other}`] as const;
    for (const lie of [
      kept.replace(...lies("intact", "sha256", "0".repeat(64))),
      kept.replace('"filename":"intact-1.0.0-py3-', '"filename":"intact-1.0.0-cp20-'),
      kept.replace(...lies("intact", "page", other)).replace(...lies("content", "provenance", other)),
    ]) {
      expect(lie).not.toBe(kept);
      writeFileSync(entry, lie);
      const { exit, stderr } = await again(installed);
      expect(exit, stderr).toBe(0);
      expect(stderr).toContain("lie there as proven");
      expect(JSON.parse(readFileSync(entry, "utf8"))).toEqual(JSON.parse(kept));
    }
  });
});
