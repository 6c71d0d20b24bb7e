import { startWaiting } from "../support/pypi/interrupted.ts";
import { type Index, makeProject, makeWheel, sha256, startIndex } from "../support/pypi.ts";
import { hasPip, NEWEST_PIP } from "../support/pypi/pythons.ts";
import { publishSigned } from "../support/pypi/signed.ts";
import { setStage } from "../support/pypi/stage.ts";
import { createInstance, type Instance } from "../support/sigstore.ts";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

let instance: Instance;
let index: Index;

const data = (version: string, files: Readonly<Record<string, string>>) =>
  makeWheel({
    name: "spread",
    version,
    files: Object.fromEntries(
      Object.entries(files).map(([path, text]) => [`spread-${version}.data/${path}`, text] as const),
    ),
  });

/** Each steers the next start of the environment's Python, or is its pip. On 8701819 those before `pyvenv.cfg` were installed. */
const USURPING = [
  "usurper-1.0.0.data/scripts/pip",
  "usurper-1.0.0.data/scripts/pyvenv.cfg",
  "usurper-1.0.0.data/scripts/pybuilddir.txt",
  "usurper-1.0.0.data/scripts/Modules/Setup.local",
  "usurper-1.0.0.data/data/lib/libc.so.6",
  "pip.py",
  "usurper-1.0.0.data/data/pyvenv.cfg",
  "usurper-1.0.0.data/data/bin/python3._pth",
  "usurper-1.0.0.data/data/lib64/libpython3.11.so.1.0",
  "usurper-1.0.0.data/data/lib64/python3/../../bin/python3",
  "pip/_internal/evil.py",
];

beforeAll(async () => {
  instance = await createInstance();
  index = await startIndex();
  await publishSigned(index, instance, makeWheel({ name: "steady", version: "1.0.0" }));
  await publishSigned(
    index,
    instance,
    data("1.0.0", { "data/share/spread/a.txt": "1", "data/share/old/only.txt": "1", "headers/spread.h": "1" }),
  );
  await publishSigned(
    index,
    instance,
    data("2.0.0", { "data/share/spread/a.txt": "2", "data/share/new/deep/b.txt": "2", "headers/spread.h": "2" }),
  );
  const broken = { "broken-2.0.0.dist-info/entry_points.txt": "[console_scripts]\nx = :::\n" };
  await publishSigned(index, instance, makeWheel({ name: "broken", version: "2.0.0", files: broken }));
  const script = { "python-1.0.0.data/scripts/python": "#!/nowhere\n" };
  await publishSigned(index, instance, makeWheel({ name: "python", version: "1.0.0", files: script }));
  const usurping = Object.fromEntries(USURPING.map((path) => [path, ""]));
  await publishSigned(index, instance, makeWheel({ name: "usurper", version: "1.0.0", files: usurping }));
  const named = { "pip-98.0.data/scripts/python3": "#!/nowhere\n", "pip-98.0.data/data/lib64/libpython3.so": "" };
  await publishSigned(index, instance, makeWheel({ name: "pip", version: "98.0", files: named }));
  const honest = {
    "Cython/Debugger/libpython.py": "",
    "cython/tests/pyvenv.cfg": "",
    "cython.libs/libpython3-1a.so.1": "",
  };
  await publishSigned(index, instance, makeWheel({ name: "cython", version: "1.0.0", files: honest }));
  const silent = { "pip/__init__.py": "raise SystemExit(3)\n" };
  await publishSigned(index, instance, makeWheel({ name: "pip", version: "99.0", files: silent }));
});
afterAll(() => index.close());

/** Every file with its content's hash, and every folder; without bytecode. */
function snapshot(folder: string): readonly string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter(({ name }) => !name.endsWith(".pyc") && name !== "__pycache__")
    .map((one) => {
      const path = join(one.parentPath, one.name);
      return one.isFile() ? `${path} ${sha256(readFileSync(path))}` : path;
    })
    .sort();
}

describe.skipIf(!hasPip)("the environment as it was", () => {
  it("has its data files and headers back, too", async () => {
    const here = setStage({ instance, pinned: ["spread", "broken"] });
    const first = await here.pip("install", "-i", index.url, "spread==1.0.0");
    expect(first.exit, first.stderr).toBe(0);
    expect(readFileSync(join(here.environment.folder, "share/spread/a.txt"), "utf8")).toBe("1");
    const before = snapshot(here.environment.folder);
    const failed = await here.pip("install", "-i", index.url, "spread==2.0.0", "broken");
    expect(failed.exit, failed.stderr).not.toBe(0);
    expect(snapshot(here.environment.folder)).toEqual(before);
    const good = await here.pip("install", "-i", index.url, "spread==2.0.0");
    expect(good.exit, good.stderr).toBe(0);
    expect(readFileSync(join(here.environment.folder, "share/new/deep/b.txt"), "utf8")).toBe("2");
    expect(existsSync(join(here.environment.folder, "share/old"))).toBe(false);
  });

  it("has its pip back where the new one does not work", async () => {
    const here = setStage({ instance, pinned: ["pip"] });
    const project = makeProject({ name: "mine", version: "1.0.0", mark: join(here.home, "mark") });
    for (const [path, text] of Object.entries(project)) here.write(path, text);
    const before = snapshot(here.environment.folder);
    const { exit, stderr } = await here.pip("install", "-i", index.url, "pip==99.0", ".");
    expect(exit, stderr).toBe(3);
    expect(snapshot(here.environment.folder)).toEqual(before);
  });

  it("lets no wheel take the place of its interpreter or its pip", async () => {
    const here = setStage({ instance, pinned: ["python", "usurper", "pip"] });
    const before = snapshot(here.environment.folder);
    const { exit, stderr } = await here.pip("install", "-i", index.url, "python", "usurper");
    expect(exit, stderr).toBe(66);
    for (const file of ["scripts/python", ...USURPING]) expect(stderr).toContain(file);
    const own = await here.pip("install", "-i", index.url, "pip==98.0");
    expect(own.exit, own.stderr).toBe(66);
    for (const file of ["scripts/python3", "lib64/libpython3.so"]) expect(own.stderr).toContain(file);
    expect(snapshot(here.environment.folder)).toEqual(before);
  });

  // On 8701819 a file of this name was refused wherever it lay.
  it("takes a wheel that has files of such names where nothing starts from them", async () => {
    const here = setStage({ instance, pinned: ["cython"] });
    const { exit, stderr } = await here.pip("install", "-i", index.url, "cython");
    expect(exit, stderr).toBe(0);
  });

  it("comes back after a kill in the middle of pip's own replacement", async () => {
    const own = NEWEST_PIP?.wheel ?? "";
    const file = { filename: basename(own), bytes: readFileSync(own), metadata: "", statedMetadata: false as const };
    await publishSigned(index, instance, file);
    const here = setStage({ instance, pinned: ["steady", "pip"] });
    const before = snapshot(here.environment.folder);
    const words = ["install", "-i", index.url, `pip==${NEWEST_PIP?.version}`, "."];
    const killed = await startWaiting(here, words);
    killed.signal("SIGKILL");
    await killed.ended;
    rmSync(join(here.environment.sitePackages, "pip"), { recursive: true });
    writeFileSync(join(here.environment.sitePackages, "steady", "half.py"), "");
    const { exit, stderr } = await here.pip("install", "-i", index.url, "nothing-of-that-name");
    expect(exit, stderr).toBe(69);
    expect(stderr).toContain("put back what an interrupted run had moved aside");
    expect(snapshot(here.environment.folder)).toEqual(before);
  });
});
