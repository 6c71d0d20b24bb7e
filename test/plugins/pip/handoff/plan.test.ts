import { planFor, unfitIn, type Wheel } from "../../../../plugins/pip/handoff/plan.ts";
import type { PipOptions } from "../../../../plugins/pip/words.ts";
import { createHost } from "../../../../src/io/host.ts";
import { temporaryFolder } from "../../../support/folder.ts";
import { makeWheel, sha256, type Distribution } from "../../../support/pypi.ts";
import { hasPip, makeEnvironment, NEWEST_PIP, PYTHON } from "../../../support/pypi/pythons.ts";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const NOWHERE = {
  compile: true,
  upgrade: false,
  target_dir: null,
  prefix_path: null,
  root_path: null,
  use_user_site: null,
} as unknown as PipOptions;
const BYTECODE = `steady/__pycache__/__init__.${PYTHON === null ? "" : tagOf(PYTHON)}.pyc`;
const MODULE = 'WHO = "steady==1.0.0"\n';

const STEADY = makeWheel({
  name: "steady",
  version: "1.0.0",
  files: {
    "steady-1.0.0.data/data/share/steady/a.txt": "1",
    "steady-1.0.0.data/scripts/tool": "#!python\n",
    "steady-1.0.0.dist-info/entry_points.txt": "[console_scripts]\nsteady = steady:main\n",
    "steady-1.0.0.dist-info/INSTALLER": "other\n",
    [BYTECODE]: "old",
    "steady/__pycache__/__init__.cpython-20.pyc": "of another interpreter",
  },
});

/** Real interpreters start. Milliseconds. */
const SLOW = 120_000;

describe.skipIf(!hasPip)("what installing a wheel may change", { timeout: SLOW }, () => {
  let home: string;
  let environment: ReturnType<typeof makeEnvironment>;

  beforeAll(() => {
    if (NEWEST_PIP === null) throw new Error("no pip is at hand");
    home = realpathSync(mkdtempSync(join(tmpdir(), "safe-install-test-")));
    environment = makeEnvironment(join(home, "venv"), NEWEST_PIP);
  }, SLOW);
  afterAll(() => rmSync(home, { recursive: true, force: true }));

  async function ask(options: Partial<PipOptions>, ...wheels: readonly Distribution[]) {
    const [signal, folder] = [new AbortController().signal, temporaryFolder()];
    const folders = { cacheFolder: join(home, "cache"), stateFolder: join(home, "state"), home };
    const env = { PATH: process.env["PATH"], HOME: home, PYTHONUSERBASE: join(home, "base") };
    const host = createHost({ env, signal, offline: false, notice: () => {}, ...folders });
    const python = { file: environment.python, cwd: home, project: home, folder, host };
    const files = wheels.map(({ filename, bytes }): Wheel => {
      writeFileSync(join(folder, filename), bytes);
      return { name: filename.split("-")[0] ?? "", file: join(folder, filename), own: false };
    });
    return planFor(files, [], {
      options: { ...NOWHERE, ...options },
      environment: environment.folder,
      requested: ["steady"],
      python,
    });
  }

  it("is what the wheel brings; a folder that is not there yet goes as a whole", async () => {
    const { replaces, expected, root } = await ask({}, STEADY);
    expect(root).toBe(environment.sitePackages);
    expect(replaces).toEqual([
      { path: environment.folder, touches: ["share"] },
      { path: join(environment.folder, "bin"), touches: ["steady", "tool"] },
      { path: environment.sitePackages, touches: ["steady", "steady-1.0.0.dist-info"] },
    ]);
    const module = join(environment.sitePackages, "steady", "__init__.py");
    const file = "steady/__init__.py";
    expect(expected).toContainEqual({ name: "steady", file, path: module, sha256: [sha256(MODULE)] });
    expect(expected.map((one) => one.file)).toContain("steady-1.0.0.data/data/share/steady/a.txt");
    expect(expected.map((one) => one.file)).toContain("steady/__pycache__/__init__.cpython-20.pyc");
    const kept = await ask({ compile: false }, STEADY);
    expect(kept.expected.map((one) => one.file)).toContain(BYTECODE);
    const tool = join(environment.folder, "bin", "tool");
    const started = sha256(`#!${environment.python}\n`);
    expect(
      expected.find(({ path }) => path === realpathSync(environment.folder) + "/bin/tool" || path === tool)?.sha256,
    ).toEqual([started]);
    for (const own of ["INSTALLER", "RECORD", BYTECODE])
      expect(expected.filter((one) => one.file.endsWith(own))).toEqual([]);
  });

  it("at a target is what lies directly in it", async () => {
    const { replaces, root, found } = await ask({ target_dir: join(home, "vendor") }, STEADY);
    const target = join(home, "vendor");
    expect([root, found]).toEqual([target, []]);
    expect(replaces).toEqual([{ path: target, touches: ["bin", "share", "steady", "steady-1.0.0.dist-info"] }]);
  });

  it("at a target is the link that stands there, never where it leads", async () => {
    const target = temporaryFolder();
    symlinkSync(temporaryFolder(), join(target, "steady"));
    const { replaces } = await ask(
      { target_dir: target, upgrade: true },
      makeWheel({ name: "steady", version: "1.0.0" }),
    );
    expect(replaces).toEqual([{ path: target, touches: ["steady", "steady-1.0.0.dist-info"] }]);
  });

  it("at a target is nothing of what stands there, unless pip was told to upgrade", async () => {
    const target = temporaryFolder();
    mkdirSync(join(target, "bin"));
    symlinkSync(temporaryFolder(), join(target, "steady"));
    const plan = await ask({ target_dir: target }, STEADY);
    expect(plan.standing).toEqual([join(target, "bin"), join(target, "steady")]);
    expect(plan.replaces).toEqual([{ path: target, touches: ["share", "steady-1.0.0.dist-info"] }]);
    expect(plan.expected.filter(({ path }) => path.startsWith(join(target, "steady/")))).toEqual([]);
    expect((await ask({ target_dir: target, upgrade: true }, STEADY)).standing).toEqual([]);
  });

  it("at a target is a link to nowhere, which pip does not leave as it is", async () => {
    const target = temporaryFolder();
    symlinkSync(join(target, "nowhere"), join(target, "steady"));
    const plan = await ask({ target_dir: target }, makeWheel({ name: "steady", version: "1.0.0" }));
    expect(plan.standing).toEqual([]);
    expect(plan.replaces).toEqual([{ path: target, touches: ["steady", "steady-1.0.0.dist-info"] }]);
    expect(plan.expected.map(({ path }) => path)).toContain(join(target, "steady", "__init__.py"));
  });

  it("of a user installation is where the user's own variable says", async () => {
    const { replaces, root } = await ask({ use_user_site: true }, STEADY);
    expect(root.startsWith(join(home, "base", "lib"))).toBe(true);
    expect(replaces.map(({ path }) => path)).toEqual([join(home, "base"), join(home, "base", "bin"), root]);
  });

  it("is also what is replaced, by its record, and the names that pip gives it meanwhile", async () => {
    const wheel = join(temporaryFolder(), STEADY.filename);
    writeFileSync(wheel, STEADY.bytes);
    execFileSync(environment.pip, ["install", "-q", "--no-index", "--disable-pip-version-check", wheel]);
    mkdirSync(join(environment.sitePackages, "~teady"));
    // pip removes the commands of entry points whatever the record says of them.
    const record = join(environment.sitePackages, "steady-1.0.0.dist-info", "RECORD");
    const rows = readFileSync(record, "utf8").split("\n");
    expect(rows.some((row) => row.includes("bin/steady"))).toBe(true);
    writeFileSync(record, rows.filter((row) => !row.includes("bin/steady")).join("\n"));
    const next = makeWheel({ name: "steady", version: "2.0.0", files: { "steady/more.py": "" } });
    const { replaces } = await ask({}, next);
    const touches = replaces.flatMap((one) => (one.touches ?? []).map((way) => join(one.path, way)));
    const inside = (...ways: readonly string[]) => ways.map((way) => join(environment.sitePackages, way));
    expect(touches).toEqual(
      expect.arrayContaining([
        ...["bin/steady", "bin/tool", "share/steady/a.txt"].map((way) => join(environment.folder, way)),
        ...inside("steady/__init__.py", "steady/more.py", "steady/__pycache__", "~-eady", "~teady-1.0.0.dist-info"),
        ...inside("steady-1.0.0.dist-info", "steady-2.0.0.dist-info"),
      ]),
    );
    expect(touches).not.toEqual(expect.arrayContaining(inside("~teady")));
  });

  it("is refused where a link leads out of the environment", async () => {
    symlinkSync(temporaryFolder(), join(environment.sitePackages, "astray"));
    await expect(ask({}, makeWheel({ name: "astray", version: "1.0.0" }))).rejects.toMatchObject({
      code: "CANNOT_SET_ASIDE",
    });
  });

  it("is nothing of ours, and nothing outside; no interpreter's place is taken", async () => {
    const files = {
      ".Safe-Install-1/journal.json": "{}",
      "greedy-1.0.0.data/data/../../evil": "",
      "greedy-1.0.0.data/scripts/python3": "",
    };
    const plan = await ask({}, makeWheel({ name: "greedy", version: "1.0.0", files }));
    expect(plan.unfit.map(({ why }) => why)).toEqual(["ours", "outside", "interpreter"]);
    expect(unfitIn(plan).map(({ denial }) => denial.code)).toEqual(plan.unfit.map(() => "ARCHIVE_INVALID"));
    expect(plan.replaces).toEqual([]);
  });
});

function tagOf(python: string): string {
  const words = ["-I", "-S", "-c", "import sys; print(sys.implementation.cache_tag, end='')"];
  return execFileSync(python, words, { encoding: "utf8" });
}
