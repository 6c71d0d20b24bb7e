import { type Index, makeProject, makeWheel, sha256, startIndex } from "../support/pypi.ts";
import { hasPip, installedIn, PIPS, PYTHON } from "../support/pypi/pythons.ts";
import { policyFor, publishSigned } from "../support/pypi/signed.ts";
import { type Stage, setStage, type StageOptions } from "../support/pypi/stage.ts";
import { createInstance, type Instance } from "../support/sigstore.ts";
import { existsSync, mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { basename, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";

let instance: Instance;
let index: Index;

const WIDGET = makeWheel({
  name: "widget",
  version: "1.0.0",
  requires: ["gadget>=1", "helper; extra == 'fast'"],
  extras: ["fast"],
});
const GADGET = makeWheel({ name: "gadget", version: "1.2.0" });
const ALL = ["widget", "gadget", "helper", "buildtool"];

beforeAll(async () => {
  instance = await createInstance();
  index = await startIndex();
  for (const file of [
    WIDGET,
    // Of this one pip has to read all of it, to resolve.
    { ...GADGET, statedMetadata: false as const },
    makeWheel({ name: "gadget", version: "1.1.0" }),
    makeWheel({ name: "helper", version: "1.0.0" }),
    makeWheel({ name: "buildtool", version: "1.0.0" }),
  ])
    await publishSigned(index, instance, file);
});
afterAll(() => index.close());

const stage = (part: Partial<StageOptions> = {}) =>
  setStage({ instance, pinned: ALL, ...part, env: { PIP_INDEX_URL: index.url, ...part.env } });

describe.skipIf(!hasPip).each(PIPS)("safe-install pip install, pip $version", (pip) => {
  it("installs what is proven, with its dependencies, and ends with pip's code", async () => {
    const { environment, ...here } = stage({ pip });
    const before = index.requests.length;
    const { exit, stderr, stdout } = await here.pip("install", "widget");
    expect(exit, `${stderr}${stdout}`).toBe(0);
    const fetched = index.requests.slice(before).filter(({ url }) => url.endsWith(".whl"));
    expect(fetched.map(({ url }) => basename(url)).toSorted()).toEqual([GADGET.filename, WIDGET.filename].toSorted());
    expect(stderr).toContain("2 packages: 2 publisher verified");
    expect(environment.installed()).toEqual(["gadget==1.2.0", "widget==1.0.0"]);
  });
});

describe.skipIf(!hasPip).each(PIPS)("safe-install pip install, pip $version", (pip) => {
  it("the project's own folder: its dependencies are gated, its build runs after the verdict and only then", async () => {
    const here = stage({ pip });
    const mark = join(here.home, "mark");
    layProject(here, { mark, requires: ["gadget"], buildRequires: ["buildtool"] });
    const denied = stage({ pip, pinned: ["gadget"], untouched: true });
    layProject(denied, { mark, requires: ["gadget"], buildRequires: ["buildtool"] });
    const refused = await denied.pip("install", "-e", ".");
    expect(refused.exit, refused.stderr).toBe(65);
    expect(refused.stderr).toContain("pypi:buildtool@1.0.0   NO_RULE");
    expect(existsSync(mark)).toBe(false);

    const { exit, stderr, stdout } = await here.pip("install", "-e", ".");
    expect(exit, `${stderr}${stdout}`).toBe(0);
    expect(existsSync(mark)).toBe(true);
    expect(here.environment.installed()).toEqual(["gadget==1.2.0", "mine==1.0.0"]);
  });
});

function layProject(
  here: Stage,
  part: { mark: string; requires?: string[]; buildRequires?: string[]; pyproject?: string },
): void {
  const files = makeProject({ name: "mine", version: "1.0.0", ...part });
  for (const [path, text] of Object.entries(files)) here.write(path, text);
}

describe.skipIf(!hasPip)("ways to reach pip", () => {
  it("python -m pip, a path, and what is on PATH", async () => {
    const here = stage({ pinned: [] });
    const bin = join(here.environment.folder, "bin");
    symlinkSync(here.environment.pip, join(bin, "pip3"));
    const PATH = `${bin}:${process.env["PATH"] ?? ""}`;
    for (const words of [["python", "-m", "pip"], ["pip3"], [here.environment.python, "-m", "pip"]]) {
      const { exit, stderr } = await here.run([...words, "install", "gadget"], { PATH });
      expect(exit, `${words.join(" ")}: ${stderr}`).toBe(65);
    }
    here.write(".signing-policy.json", policyFor(ALL));
    const { exit, stderr } = await here.run(["pip", "install", "gadget"], { PATH });
    expect(exit, stderr).toBe(0);
    expect(here.environment.installed()).toEqual(["gadget==1.2.0"]);
  });

  it("what does not install passes through, what installs otherwise is refused", async () => {
    const here = stage({ untouched: true });
    expect((await here.pip("list")).stdout).toContain("pip");
    expect((await here.pip("--version")).exit).toBe(0);
    expect(await here.pip("download", "gadget")).toMatchObject({
      exit: 64,
      stderr: expect.stringContaining("NOT_GATED"),
    });
    expect((await here.pip("wheel", "gadget")).exit).toBe(64);
    expect((await here.pip("frobnicate")).exit).toBe(64);
  });

  it("without a policy nothing happens", async () => {
    const here = stage({ untouched: true });
    writeFileSync(join(here.project, ".signing-policy.json"), "");
    expect((await here.pip("install", "gadget")).exit).toBe(78);
    expect(here.environment.installed()).toEqual([]);
  });
});

describe.skipIf(!hasPip)("what pip is told", () => {
  it("requirements, constraints, extras and hashes", async () => {
    const here = stage();
    here.write("constraints.txt", "gadget<1.2\n");
    here.write("more/helper.txt", "helper\n");
    here.write(
      "requirements.txt",
      "# ours\nwidget[fast] ; python_version > '3'\n-c constraints.txt\n-r more/helper.txt\n",
    );
    const { exit, stderr } = await here.pip("install", "-r", "requirements.txt");
    expect(exit, stderr).toBe(0);
    expect(here.environment.installed()).toEqual(["gadget==1.1.0", "helper==1.0.0", "widget==1.0.0"]);
  });

  it("hashes: the right ones hold, wrong ones are refused", async () => {
    const here = stage();
    const line = (bytes: Buffer) => `gadget==1.2.0 --hash=sha256:${sha256(bytes)}\n`;
    here.write("good.txt", line(GADGET.bytes));
    here.write("bad.txt", line(WIDGET.bytes));
    const bad = await here.pip("install", "-r", "bad.txt");
    expect(bad.exit, bad.stderr).toBe(66);
    expect(here.environment.installed()).toEqual([]);
    const good = await here.pip("install", "--require-hashes", "-r", "good.txt");
    expect(good.exit, good.stderr).toBe(0);
    expect(here.environment.installed()).toEqual(["gadget==1.2.0"]);
  });

  // On 87fa047 what lay there was replaced, whether pip was told to upgrade or not.
  it("--target: there and nowhere else; what was there stays, and is named, unless pip is told to upgrade", async () => {
    const here = stage();
    here.write("vendor/gadget/__init__.py", "MINE = 1\n");
    here.write("vendor/gadget/data.txt", "mine");
    const found = await here.pip("install", "--target", "vendor", "gadget", "--upgrade-strategy", "eager");
    expect(found.exit, found.stderr).toBe(0);
    expect(readFileSync(join(here.project, "vendor", "gadget", "__init__.py"), "utf8")).toBe("MINE = 1\n");
    expect(existsSync(join(here.project, "vendor", "gadget", "data.txt"))).toBe(true);
    expect(found.stderr).toContain("Specify --upgrade to force replacement");
    expect(found.stderr).toMatch(/left as it lies on disk.*vendor\/gadget/);
    const { exit, stderr } = await here.pip("install", "--target", "vendor", "gadget", "--upgrade");
    expect(exit, stderr).toBe(0);
    expect(existsSync(join(here.project, "vendor", "gadget", "data.txt"))).toBe(false);
    expect(installedIn(join(here.project, "vendor"))).toEqual(["gadget==1.2.0"]);
    expect(readFileSync(join(here.project, "vendor", "gadget", "__init__.py"), "utf8")).toContain("gadget==1.2.0");
    expect(here.environment.installed()).toEqual([]);
  });

  it("--target that nothing can be put into is known before anything is fetched", async () => {
    const here = stage();
    here.write("vendor", "a file");
    const before = index.requests.length;
    const { exit, stderr } = await here.pip("install", "--target", "vendor", "gadget");
    expect(exit, stderr).toBe(69);
    expect(stderr).toContain("OUTSIDE_PROJECT");
    expect(index.requests.length).toBe(before);
  });

  it("wishes of the environment count: PIP_TARGET, PIP_REQUIREMENT, PIP_CONSTRAINT", async () => {
    const here = stage();
    here.write("requirements.txt", "gadget\n");
    here.write("constraints.txt", "gadget<1.2\n");
    const env = { PIP_TARGET: "vendor", PIP_REQUIREMENT: "requirements.txt", PIP_CONSTRAINT: "constraints.txt" };
    const { exit, stderr } = await here.run([here.environment.pip, "install"], env);
    expect(exit, stderr).toBe(0);
    expect(installedIn(join(here.project, "vendor"))).toEqual(["gadget==1.1.0"]);
  });

  it("pip's report goes where the user wants it, and nothing is left behind in the temporary folder", async () => {
    const here = stage();
    const tmp = join(here.home, "tmp");
    mkdirSync(tmp);
    const words = [here.environment.pip, "install", "--report", "report.json", "gadget"];
    const { exit, stderr } = await here.run(words, { TMPDIR: tmp });
    expect(exit, stderr).toBe(0);
    expect(readdirSync(tmp)).toEqual([]);
    const report = JSON.parse(readFileSync(join(here.project, "report.json"), "utf8")) as {
      install: { metadata: { name: string } }[];
    };
    expect(report.install.map(({ metadata }) => metadata.name)).toEqual(["gadget"]);
  });

  it.each([
    [["install", "--no-binary", "gadget", "gadget"], {}],
    [["install", "gadget"], { PIP_NO_BINARY: ":all:" }],
    [["install", "--dry-run", "gadget"], {}],
    [["install", "--report", "-", "gadget"], {}],
    [["install", "--not-an-option", "gadget"], {}],
    [["--frob", "install", "gadget"], {}],
  ])("%j with %j is refused", async (args, env) => {
    const here = stage({ untouched: true });
    const { exit, stderr } = await here.run([here.environment.pip, ...args], env);
    expect(exit, stderr).toBe(64);
    expect(here.environment.installed()).toEqual([]);
  });

  const refused = [
    ["--index-url http://127.0.0.1:9/simple\ngadget\n", "OPTION_REFUSED"],
    ["--extra-index-url http://127.0.0.1:9/simple\ngadget\n", "OPTION_REFUSED"],
    ["--find-links /somewhere\ngadget\n", "OPTION_REFUSED"],
    ["--pre\ngadget\n", "OPTION_REFUSED"],
    ["gadget @ https://mallory.example/gadget-1.2.0-py3-none-any.whl\n", "REMOTE_DEPENDENCY"],
    ["git+https://mallory.example/gadget.git#egg=gadget\n", "GIT_DEPENDENCY"],
    ["./gadget-1.2.0-py3-none-any.whl\n", "FILE_DEPENDENCY"],
    ["-r deep.txt\n", "OPTION_REFUSED"],
  ] as const;
  it.each(refused)("requirements with %j: %s", async (text, code) => {
    const here = stage({ untouched: true });
    here.write("requirements.txt", text);
    here.write("deep.txt", "--no-binary :all:\n");
    writeFileSync(join(here.project, GADGET.filename), GADGET.bytes);
    const { exit, stderr } = await here.pip("install", "-r", "requirements.txt");
    expect(exit, stderr).toBe(66);
    expect(stderr).toContain(code);
    expect(stderr).toMatch(/requirements\.txt:1|deep\.txt:1/);
    expect(here.environment.installed()).toEqual([]);
  });

  it("a requirements file by URL, and one that includes itself", async () => {
    const here = stage({ untouched: true });
    here.write("loop.txt", "-r loop.txt\n");
    expect((await here.pip("install", "-r", `${index.origin}/requirements.txt`)).exit).toBe(64);
    expect((await here.pip("install", "-r", "loop.txt")).exit).toBe(64);
  });

  it("a project whose dependencies only its own code knows is refused, with the way out", async () => {
    const here = stage({ untouched: true });
    const mark = join(here.home, "mark");
    layProject(here, { mark, pyproject: '[project]\nname = "mine"\nversion = "1"\ndynamic = ["dependencies"]\n' });
    const { exit, stderr } = await here.pip("install", ".");
    expect(exit, stderr).toBe(66);
    expect(stderr).toContain("dynamic");
    expect(existsSync(mark)).toBe(false);
  });

  it("pylock.toml is read by us for every line of pip, other platforms' wheels and all", async () => {
    const here = stage();
    here.write(
      "pylock.toml",
      pylock(`
[[packages]]
name = "gadget"
version = "1.2.0"
${wheelOf(GADGET)}
[[packages]]
name = "never"
version = "1.0.0"
marker = "sys_platform == 'never'"
wheels = [{ name = "never-1.0.0-py3-none-any.whl", hashes = { sha256 = "${"0".repeat(64)}" } }]
`),
    );
    const { exit, stderr } = await here.pip("install", "-r", "pylock.toml");
    expect(exit, stderr).toBe(0);
    expect(here.environment.installed()).toEqual(["gadget==1.2.0"]);
  });

  it("pip's own failure is passed on", async () => {
    const here = stage({ untouched: true });
    const { exit, stderr } = await here.pip("install", "nowhere-to-be-found");
    expect({ exit, stderr }).toMatchObject({ exit: 69, stderr: expect.stringContaining("RESOLUTION_FAILED") });
    expect(stderr).toContain("only wheels are considered");
    const away = createServer((socket) => void socket.destroy());
    await new Promise<void>((done) => void away.listen(0, "127.0.0.1", done));
    onTestFinished(() => void away.close());
    const origin = `http://127.0.0.1:${(away.address() as AddressInfo).port}`;
    const env = { PIP_INDEX_URL: `${origin}/simple`, PIP_RETRIES: "0" };
    const alone = await stage({ untouched: true, env }).pip("install", "gadget");
    expect(alone).toMatchObject({ exit: 69, stderr: expect.stringContaining(`pip could not reach ${origin}\n`) });
    expect(alone.stderr).not.toContain("only wheels");
  });
});

describe.skipIf(!hasPip)("the story on the screen", () => {
  it("one denied package: nothing is installed, and the screen says why", async () => {
    const here = stage({ policy: policyFor(["widget"]), untouched: true });
    const { exit, stderr } = await here.pip("install", "widget");
    expect(exit).toBe(65);
    expect(stderr).toContain("pypi:gadget@1.2.0   NO_RULE");
    expect(stderr).toContain("nothing was installed, nothing was changed");
    expect(here.environment.installed()).toEqual([]);
  });
});

function pylock(packages: string): string {
  return `lock-version = "1.0"\ncreated-by = "test"\n${packages}`;
}

function wheelOf({ filename, bytes }: { readonly filename: string; readonly bytes: Buffer }): string {
  return `wheels = [{ name = "${basename(filename)}", url = "${index.origin}/files/${filename}", hashes = { sha256 = "${sha256(bytes)}" } }]`;
}

if (PYTHON === null) console.warn("safe-install pip: no Python, nothing of it was tested end to end");
