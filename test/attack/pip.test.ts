import { startWaiting, until, writeWaiting } from "../support/pypi/interrupted.ts";
import { temporaryFolder } from "../support/folder.ts";
import { type Index, makeProject, makeSdist, makeWheel, sha256, startIndex } from "../support/pypi.ts";
import { hasPip, NEWEST_PIP, PIPS, WANTED_PIPS } from "../support/pypi/pythons.ts";
import { pipelineOf, publishSigned } from "../support/pypi/signed.ts";
import { setStage, type StageOptions } from "../support/pypi/stage.ts";
import { createInstance, type Instance } from "../support/sigstore.ts";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";

let instance: Instance;
let index: Index;

beforeAll(async () => {
  instance = await createInstance();
  index = await startIndex();
});
afterAll(() => index.close());

const stage = (part: Partial<StageOptions> = {}) => setStage({ instance, ...part });

/** What pip itself tells of a dependency, each line of it in its own words; the rest is refused before pip is asked. */
const TOLD_BY_PIP: ReadonlySet<string> = new Set(["a wheel that requires a source distribution by URL"]);

/** Each known way to make `pip install --only-binary :all:` run somebody's build code. */
const WAYS: readonly (readonly [string, string, (mark: string, project: string) => readonly string[]])[] = [
  [
    "a source distribution by URL",
    "REMOTE_DEPENDENCY",
    (mark) => {
      const { filename } = index.publish(makeSdist({ name: "byurl", version: "1.0.0", mark }));
      return [`byurl @ ${index.origin}/files/${filename}`];
    },
  ],
  [
    "a wheel that requires a source distribution by URL",
    "REMOTE_DEPENDENCY",
    (mark) => {
      const { filename } = index.publish(makeSdist({ name: "inner", version: "1.0.0", mark }));
      index.publish(
        makeWheel({ name: "outer", version: "1.0.0", requires: [`inner @ ${index.origin}/files/${filename}`] }),
      );
      return ["outer"];
    },
  ],
  [
    "--no-binary in a requirements file",
    "OPTION_REFUSED",
    (mark, project) => {
      index.publish(makeSdist({ name: "fromsource", version: "1.0.0", mark }));
      writeFileSync(join(project, "requirements.txt"), "--no-binary fromsource\nfromsource\n");
      return ["-r", "requirements.txt"];
    },
  ],
  [
    "a folder outside of the repository, editable",
    "FILE_DEPENDENCY",
    (mark) => {
      const folder = temporaryFolder();
      for (const [path, text] of Object.entries(makeProject({ name: "edited", version: "1.0.0", mark })))
        writeFileSync(join(folder, path), text);
      return ["-e", folder];
    },
  ],
  [
    "a version-control URL",
    "GIT_DEPENDENCY",
    (mark) => {
      const folder = temporaryFolder();
      for (const [path, text] of Object.entries(makeProject({ name: "cloned", version: "1.0.0", mark })))
        writeFileSync(join(folder, path), text);
      const git = (...args: string[]) =>
        execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@t.example", ...args], {
          cwd: folder,
          stdio: "ignore",
        });
      git("init");
      git("add", "-A");
      git("commit", "-m", "x");
      return [`git+file://${folder}#egg=cloned`];
    },
  ],
];

describe.skipIf(!hasPip)("code that would run while pip resolves", () => {
  const cases = PIPS.flatMap((pip) =>
    WAYS.filter(([way]) => pip === PIPS.at(-1) || WANTED_PIPS !== undefined || TOLD_BY_PIP.has(way)).map(
      ([way, code, prepare]) => ({ ...pip, pip, way, code, prepare }),
    ),
  );

  it.for(cases)("pip $version: $way runs code under plain pip, and is refused here", async ({ pip, code, prepare }) => {
    const policy = {
      version: 1,
      mode: "audit",
      rules: [{ packages: ["pypi:*"], unsigned: "allow", reason: "t", expires: "2099-01-01" }],
    };
    const here = stage({ pip, policy, env: { PIP_INDEX_URL: index.url }, untouched: true });
    const mark = join(here.home, "mark");
    const args = prepare(mark, here.project);
    const ours = await here.pip("install", ...args);
    expect(ours.exit, ours.stderr).toBe(66);
    expect(ours.stderr).toContain(code);
    expect(existsSync(mark)).toBe(false);
    expect(here.environment.installed()).toEqual([]);
    await here.plain("install", "--dry-run", "--report", join(here.home, "r.json"), "--only-binary", ":all:", ...args);
    expect(existsSync(mark)).toBe(true);
  });

  it("a .pth file of an installed package does not run before the verdict", async () => {
    index.publish(makeWheel({ name: "unsigned", version: "1.0.0" }));
    const here = stage({ pinned: ["unsigned"] });
    const mark = join(here.home, "mark");
    writeFileSync(
      join(here.environment.sitePackages, "evil.pth"),
      `import os; open(${JSON.stringify(mark)}, "a").write("ran")\n`,
    );
    const { exit, stderr } = await here.pip("install", "-i", index.url, "unsigned");
    expect(exit, stderr).toBe(65);
    expect(existsSync(mark)).toBe(false);
    await here.plain("list");
    expect(existsSync(mark)).toBe(true);
  });

  it("modules of the working directory do not take pip's place", async () => {
    await publishSigned(index, instance, makeWheel({ name: "plain", version: "1.0.0" }));
    const here = stage({ pinned: ["plain"] });
    const mark = join(here.home, "mark");
    for (const name of ["pip.py", "json.py", "site.py", "runpy.py"])
      here.write(name, `open(${JSON.stringify(mark)}, "a").write("ran")\n`);
    const { exit, stderr } = await here.run([
      here.environment.python,
      "-m",
      "pip",
      "install",
      "-i",
      index.url,
      "plain",
    ]);
    expect(exit, stderr).toBe(0);
    expect(existsSync(mark)).toBe(false);
  });

  it("a pip inside the project is not taken from PATH, unless its environment is activated", async () => {
    await publishSigned(index, instance, makeWheel({ name: "plain", version: "1.0.0" }));
    const here = stage({ pinned: ["plain"] });
    const mark = join(here.home, "mark");
    const bin = join(here.project, "tools", "bin");
    mkdirSync(bin, { recursive: true });
    const launcher = `#!${here.environment.python}\nopen(${JSON.stringify(mark)}, "a").write("ran")\n`;
    writeFileSync(join(bin, "pip"), launcher, { mode: 0o755 });
    const only = await here.run(["pip", "list"], { PATH: bin });
    expect(only.exit, only.stderr).toBe(127);
    const both = await here.run(["pip", "list"], { PATH: `${bin}:${join(here.environment.folder, "bin")}` });
    expect(both.exit, both.stderr).toBe(0);
    expect(existsSync(mark)).toBe(false);
    const activated = await here.run(["pip", "list"], { PATH: bin, VIRTUAL_ENV: join(here.project, "tools") });
    expect(activated.exit, activated.stderr).toBe(0);
    expect(existsSync(mark)).toBe(true);
  });
});

describe.skipIf(!hasPip)("an index that lies", () => {
  it.for(PIPS)("about dependencies is found out before anything is installed, pip $version", async (pip) => {
    await publishSigned(index, instance, makeWheel({ name: "hidden", version: "1.0.0" }));
    const top = makeWheel({ name: "top", version: "1.0.0", requires: ["hidden"] });
    await publishSigned(index, instance, {
      ...top,
      statedMetadata: makeWheel({ name: "top", version: "1.0.0" }).metadata,
    });
    const untouched = !pip.version.startsWith("23.0.");
    const here = stage({ pip, pinned: ["top", "hidden"], untouched });
    const { exit, stderr } = await here.pip("install", "-i", index.url, "top");
    if (!untouched) {
      // This line of pip reads no metadata of the index: it resolves from the wheels themselves.
      expect(stderr).toContain("2 packages");
      return;
    }
    expect(stderr).toContain("DEPENDENCIES_MISMATCH");
    expect(stderr).toContain("hidden");
    expect(exit).toBe(66);
    expect(here.environment.installed()).toEqual([]);
  });

  it("about more dependencies than there are is found out too", async () => {
    await publishSigned(index, instance, makeWheel({ name: "extra", version: "1.0.0" }));
    const top = makeWheel({ name: "lonely", version: "1.0.0" });
    const statedMetadata = makeWheel({ name: "lonely", version: "1.0.0", requires: ["extra"] }).metadata;
    await publishSigned(index, instance, { ...top, statedMetadata });
    const here = stage({ pinned: ["lonely", "extra"], untouched: true });
    const { exit, stderr } = await here.pip("install", "-i", index.url, "lonely");
    expect({ exit, stderr }).toMatchObject({ exit: 66, stderr: expect.stringContaining("DEPENDENCIES_MISMATCH") });
  });

  it("about the version is found out: a proven old file under a new name", async () => {
    const old = makeWheel({ name: "aged", version: "1.0.0" });
    const renamed = {
      ...old,
      filename: "aged-2.0.0-py3-none-any.whl",
      metadata: makeWheel({ name: "aged", version: "2.0.0" }).metadata,
    };
    await publishSigned(index, instance, renamed, {
      subjects: [{ name: old.filename, digest: { sha256: sha256(old.bytes) } }],
    });
    const here = stage({ pinned: ["aged"], untouched: true });
    const { exit, stderr } = await here.pip("install", "-i", index.url, "aged");
    // Which of the two sees it first depends on what pip says of the file that it resolved.
    expect({ exit, stderr }).toMatchObject({ exit: 66, stderr: expect.stringMatching(/(SUBJECT|PACKAGE)_MISMATCH/) });
  });

  it("a higher version on another index is refused by the pin (dependency confusion)", async () => {
    const other = await startIndex();
    try {
      await publishSigned(index, instance, makeWheel({ name: "internal", version: "1.0.0" }));
      await publishSigned(other, instance, makeWheel({ name: "internal", version: "99.0.0" }), {
        identity: pipelineOf("mallory", "99.0.0"),
      });
      const here = stage({ pinned: ["internal"], untouched: true });
      const { exit, stderr } = await here.pip("install", "-i", index.url, "--extra-index-url", other.url, "internal");
      expect(exit, stderr).toBe(65);
      expect(stderr).toContain("pypi:internal@99.0.0   UNTRUSTED_SIGNER");
      expect(stderr).toMatch(/repository\s+expected\s+acme\/internal\n\s+found\s+acme\/mallory/);
      expect(here.environment.installed()).toEqual([]);
    } finally {
      await other.close();
    }
  });

  it("bytes that are not those the index states are refused", async () => {
    const file = makeWheel({ name: "swapped", version: "1.0.0" });
    await publishSigned(index, instance, { ...file, statedSha256: "0".repeat(64), statedMetadata: false });
    const here = stage({ pinned: ["swapped"], untouched: true });
    const { exit, stderr } = await here.pip("install", "-i", index.url, "swapped");
    expect(exit).toBe(66);
    expect(stderr).toContain("INTEGRITY_MISMATCH");
    expect(here.environment.installed()).toEqual([]);
  });
});

describe.skipIf(NEWEST_PIP === null)("the hand-off", () => {
  it("goes to no network and reads no configuration: nothing can be put into its place", async () => {
    await publishSigned(index, instance, makeWheel({ name: "quiet", version: "1.0.0" }));
    const here = stage({ pinned: ["quiet"] });
    const trap = await startIndex();
    try {
      trap.publish(makeWheel({ name: "quiet", version: "1.0.0", files: { "evil.py": "x = 1\n" } }));
      const { exit, stderr } = await here.run([here.environment.pip, "install", "-i", index.url, "quiet"], {
        PIP_FIND_LINKS: `${trap.origin}/simple/quiet/`,
        PIP_NO_DEPS: "0",
      });
      // The file of the trap has other bytes under the same name: whichever pip chose, only proven bytes are installed.
      expect([0, 65, 66]).toContain(exit);
      if (exit === 0) expect(existsSync(join(here.environment.sitePackages, "evil.py"))).toBe(false);
      else expect(stderr).toMatch(/NO_EVIDENCE|SUBJECT_MISMATCH|INTEGRITY_MISMATCH/);
    } finally {
      await trap.close();
    }
  });

  it("asks nobody once the verdict is there", async () => {
    await publishSigned(index, instance, makeWheel({ name: "quiet", version: "1.0.0" }));
    const here = stage({ pinned: ["quiet"] });
    const before = index.requests.length;
    const { exit, stderr } = await here.pip("install", "-i", index.url, "quiet");
    expect(exit, stderr).toBe(0);
    const asked = index.requests.slice(before).map(({ url }) => url);
    expect(asked.filter((url) => url.endsWith(".whl"))).toHaveLength(1);
    expect(asked.filter((url) => url.includes("/simple/"))).toEqual(["/simple/quiet/"]);
    expect(asked.filter((url) => url.includes("/provenance"))).toHaveLength(1);
  });

  it("an installed package is not taken for proven: it is installed again", async () => {
    await publishSigned(index, instance, makeWheel({ name: "steady", version: "1.0.0" }));
    const here = stage({ pinned: ["steady"] });
    expect((await here.pip("install", "-i", index.url, "steady")).exit).toBe(0);
    const module = join(here.environment.sitePackages, "steady", "__init__.py");
    writeFileSync(module, "EVIL = 1\n");
    expect((await here.pip("install", "-i", index.url, "steady")).exit).toBe(0);
    expect(readFileSync(module, "utf8")).toContain("steady==1.0.0");
  });

  it("a link that pip leaves standing at --target is found out", async () => {
    await publishSigned(index, instance, makeWheel({ name: "steady", version: "1.0.0" }));
    const here = stage({ pinned: ["steady"] });
    here.write("evil/__init__.py", "EVIL = 1\n");
    mkdirSync(join(here.project, "vendor"));
    symlinkSync(join(here.project, "evil"), join(here.project, "vendor", "steady"));
    const { exit, stderr } = await here.pip("install", "-i", index.url, "--target", "vendor", "steady", "-U");
    expect(exit, stderr).toBe(66);
    expect(stderr).toContain("INSTALLED_MISMATCH");
    expect(stderr).toContain("steady/__init__.py");
  });

  it("bytecode that pip leaves standing at --target does not run in the place of a proven module", async () => {
    const files = { "single.py": "WHO = 'proven'\n" };
    await publishSigned(index, instance, makeWheel({ name: "lonely", version: "1.0.0", files }));
    const here = stage({ pinned: ["lonely"] });
    here.write("evil/single.py", "WHO = 'evil'\n");
    here.write("vendor/__pycache__/mine.cpython-20.pyc", "of another module");
    const compiled = `import importlib.util as u, py_compile, sys
py_compile.compile(sys.argv[1], u.cache_from_source(sys.argv[2]), invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH)`;
    const python = join(here.environment.folder, "bin", "python");
    const module = join(here.project, "vendor", "single.py");
    execFileSync(python, ["-I", "-c", compiled, join(here.project, "evil", "single.py"), module]);
    const { exit, stderr } = await here.pip("install", "-i", index.url, "--target", "vendor", "lonely");
    expect(exit, stderr).toBe(0);
    const said = `import sys; sys.path.insert(0, sys.argv[1]); import single; print(single.WHO)`;
    expect(String(execFileSync(python, ["-I", "-c", said, join(here.project, "vendor")])).trim()).toBe("proven");
    expect(readdirSync(join(here.project, "vendor", "__pycache__"))).toContain("mine.cpython-20.pyc");
  });

  it("what lies beside a proven module and would be taken in its place is found out", async () => {
    const files = { "single.py": "WHO = 'proven'\n" };
    await publishSigned(index, instance, makeWheel({ name: "lonely", version: "1.0.0", files }));
    const here = stage({ pinned: ["lonely"] });
    const library = here.environment.sitePackages;
    mkdirSync(join(library, "single"));
    writeFileSync(join(library, "single", "__init__.py"), "WHO = 'evil'\n");
    const { exit, stderr } = await here.pip("install", "-i", index.url, "lonely");
    expect({ exit, stderr }).toEqual({ exit: 66, stderr: expect.stringContaining("single/__init__.py") });
    expect(stderr).toContain("INSTALLED_MISMATCH");
    expect(existsSync(join(library, "single.py"))).toBe(false);
  });

  it("a keyring helper may be asked for passwords, but never one of the project", async () => {
    const feed = await startIndex({ basic: { user: "ci", password: "s3cret" } });
    onTestFinished(() => feed.close());
    await publishSigned(feed, instance, makeWheel({ name: "guarded", version: "1.0.0" }));
    const here = stage({ pinned: ["guarded"] });
    const script = `#!/bin/sh
case "$1" in
  --mode=creds) echo '{"username": "ci", "password": "s3cret"}' ;;
  get) echo s3cret ;;
esac
`;
    const [inside, outside] = [join(here.project, "bin"), join(here.home, "bin")];
    for (const folder of [inside, outside]) {
      mkdirSync(folder);
      writeFileSync(join(folder, "keyring"), script, { mode: 0o755 });
    }
    const url = feed.url.replace("://", "://ci@");
    const args = [here.environment.pip, "install", "--keyring-provider", "subprocess", "-i", url, "guarded"];
    const path = process.env["PATH"] ?? "";
    const refused = await here.run(args, { PATH: `${inside}:${path}` });
    expect(refused.exit, refused.stderr).not.toBe(0);
    expect(here.environment.installed()).toEqual([]);
    const good = await here.run(args, { PATH: `${outside}:${path}` });
    expect(good.exit, good.stderr).toBe(0);
  });

  it("nothing of the environment changes before the verdict, not even bytecode", async () => {
    index.publish(makeWheel({ name: "unsigned", version: "1.0.0" }));
    const here = stage({ pinned: ["unsigned"] });
    const list = () => readdirSync(here.environment.folder, { recursive: true }).length;
    const before = list();
    expect((await here.pip("install", "--log", "pip.log", "-i", index.url, "unsigned")).exit).toBe(65);
    expect(list()).toBe(before);
    expect(existsSync(join(here.project, "pip.log"))).toBe(false);
  });

  it("that fails half way leaves the environment as it was", async () => {
    const broken = makeWheel({
      name: "broken",
      version: "2.0.0",
      files: { "broken-2.0.0.dist-info/entry_points.txt": "[console_scripts]\nx = :::\n" },
    });
    await publishSigned(index, instance, broken);
    await publishSigned(index, instance, makeWheel({ name: "aaa", version: "1.0.0" }));
    await publishSigned(index, instance, makeWheel({ name: "aaa", version: "2.0.0" }));
    const here = stage({ pinned: ["aaa", "broken"] });
    expect((await here.pip("install", "-i", index.url, "aaa==1.0.0")).exit).toBe(0);
    const before = snapshot(here.environment.folder);
    const { exit, stderr } = await here.pip("install", "-i", index.url, "aaa==2.0.0", "broken");
    expect(exit, stderr).not.toBe(0);
    expect(snapshot(here.environment.folder)).toEqual(before);
  });

  it("that is interrupted leaves the environment as it was, and no journal", async () => {
    await publishSigned(index, instance, makeWheel({ name: "steady", version: "1.0.0" }));
    const here = stage({ pinned: ["steady"] });
    const before = snapshot(here.environment.folder);
    const run = await startWaiting(here, ["install", "-i", index.url, "."]);
    expect(here.environment.installed()).toEqual(["steady==1.0.0"]);
    run.child.kill("SIGINT");
    expect(await run.ended).toBe(130);
    expect(snapshot(here.environment.folder)).toEqual(before);
  });

  it("that was killed is put back by the next run", async () => {
    await publishSigned(index, instance, makeWheel({ name: "steady", version: "1.0.0" }));
    const here = stage({ pinned: ["steady"] });
    const before = snapshot(here.environment.folder);
    const run = await startWaiting(here, ["install", "-i", index.url, "."]);
    run.signal("SIGKILL");
    await run.ended;
    expect(here.environment.installed()).toEqual(["steady==1.0.0"]);
    const { exit, stderr } = await here.pip("install", "-i", index.url, "nothing-of-that-name");
    expect(exit, stderr).toBe(69);
    expect(stderr).toContain("put back what an interrupted run had moved aside");
    expect(snapshot(here.environment.folder)).toEqual(before);
  });

  it("acts upon no journal that a clone brings along", async () => {
    await publishSigned(index, instance, makeWheel({ name: "steady", version: "1.0.0" }));
    const here = stage({ pinned: ["steady"] });
    const vendor = join(here.project, "vendor");
    const journal = { version: 1, pid: 2 ** 22 - 1, token: "00000000", places: [vendor], missing: [] };
    here.write("vendor/.safe-install/journal.json", journal);
    here.write("vendor/.safe-install/0/evil.py", "x = 1\n");
    here.write("vendor/mine.py", "x = 1\n");
    const { exit, stderr } = await here.pip("install", "-i", index.url, "--target", "vendor", "steady");
    expect(exit, stderr).toBe(0);
    expect(readdirSync(vendor)).toEqual(expect.arrayContaining([".safe-install", "mine.py", "steady"]));
    expect(readdirSync(vendor)).not.toContain("evil.py");
  });

  it("takes no wheel with a file under a name of ours, or outside of the environment", async () => {
    const journal = { "greedy-1.0.0.data/data/.safe-install-0/journal.json": "{}" };
    await publishSigned(index, instance, makeWheel({ name: "greedy", version: "1.0.0", files: journal }));
    const climbing = { "climber-1.0.0.data/scripts/../../../../evil": "x" };
    await publishSigned(index, instance, makeWheel({ name: "climber", version: "1.0.0", files: climbing }));
    const here = stage({ pinned: ["greedy", "climber"] });
    const { exit, stderr } = await here.pip("install", "-i", index.url, "greedy", "climber");
    expect(exit, stderr).toBe(66);
    expect(stderr).toContain("ARCHIVE_INVALID");
    expect(stderr).toContain("greedy-1.0.0.data/data/.safe-install-0/journal.json");
    expect(stderr).toContain("climber-1.0.0.data/scripts/../../../../evil");
    expect(here.environment.installed()).toEqual([]);
  });

  it("that fails puts back what it touched, and nothing that somebody else wrote meanwhile", async () => {
    await publishSigned(index, instance, makeWheel({ name: "steady", version: "1.0.0" }));
    const here = stage({ pinned: ["steady"] });
    const mark = writeWaiting(here);
    const run = here.pip("install", "-i", index.url, ".");
    await until(() => existsSync(mark));
    writeFileSync(join(here.environment.sitePackages, "others.py"), "x = 1\n");
    process.kill(Number.parseInt(readFileSync(mark, "utf8"), 10), "SIGKILL");
    const { exit, stderr } = await run;
    expect(exit, stderr).toBe(1);
    expect(here.environment.installed()).toEqual([]);
    expect(existsSync(join(here.environment.sitePackages, "others.py"))).toBe(true);
  });
});

/** Every file with its content's hash, without bytecode. */
function snapshot(folder: string): Readonly<Record<string, string>> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((one) => one.isFile() && !one.name.endsWith(".pyc"));
  return Object.fromEntries(
    files.map((one) => {
      const path = join(one.parentPath, one.name);
      return [path, sha256(readFileSync(path))];
    }),
  );
}
