/** What a clone leaves lying where Python looks, and what a wheel that was let in may write. */
import { type Index, makeWheel, startIndex } from "../support/pypi.ts";
import { hasPip } from "../support/pypi/pythons.ts";
import { publishSigned } from "../support/pypi/signed.ts";
import { setStage, type StageOptions } from "../support/pypi/stage.ts";
import { createInstance, type Instance } from "../support/sigstore.ts";
import { appendFileSync, existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

let instance: Instance;
let index: Index;
let thief: Index;

beforeAll(async () => {
  instance = await createInstance();
  [index, thief] = await Promise.all([startIndex(), startIndex()]);
  await publishSigned(index, instance, makeWheel({ name: "plain", version: "1.0.0" }));
});
afterAll(() => Promise.all([index.close(), thief.close()]));

const stage = (part: Partial<StageOptions> = {}) =>
  setStage({ instance, pinned: ["plain"], env: { PIP_INDEX_URL: index.url, SECRET: "s3cret" }, ...part });

describe.skipIf(!hasPip)("the working directory", () => {
  // On 7c33829 each of these processes had the project as its own.
  it("of no Python process of the gate or of the hand-off is the project", async () => {
    const here = stage();
    const log = join(here.home, "folders");
    const main = join(here.environment.sitePackages, "pip", "__init__.py");
    appendFileSync(main, `\nimport os as _os\nopen(${JSON.stringify(log)}, "a").write(_os.getcwd() + "\\n")\n`);
    here.write("requirements.txt", "plain==1.0.0\n");
    // Read by distutils from the working directory, which pip asks for its scheme up to Python 3.9.
    const [lib, bin] = [join(here.home, "lib"), join(here.home, "bin")];
    here.write("setup.cfg", `[install]\ninstall_lib = ${lib}\ninstall_scripts = ${bin}\n`);
    const found = await here.pip("install", "-r", "requirements.txt", "--report", "report.json");
    expect(found.exit, found.stderr).toBe(0);
    expect([lib, bin].filter((one) => existsSync(one))).toEqual([]);
    expect(here.environment.installed()).toContain("plain==1.0.0");
    const { readFileSync } = await import("node:fs");
    // One loads pip for all that a run asks, where a process can answer in copies of itself.
    const folders = readFileSync(log, "utf8").trim().split("\n");
    expect(folders.filter((one) => one.startsWith(here.project))).toEqual([]);
    expect(existsSync(join(here.project, "report.json"))).toBe(true);
  });

  it("is where what was typed is relative to", async () => {
    const here = stage();
    here.write("sub/requirements.txt", "plain==1.0.0\n");
    const found = await here.pip("install", "-r", "sub/requirements.txt", "--target", "lib", "--log", "log.txt");
    expect(found.exit, found.stderr).toBe(0);
    expect(readdirSync(join(here.project, "lib"))).toContain("plain");
    expect(existsSync(join(here.project, "log.txt"))).toBe(true);
  });
});

describe.skipIf(!hasPip)("a scheme", () => {
  it("that lies outside of the environment is refused", async () => {
    const here = stage();
    const elsewhere = join(here.home, "bin");
    const locations = join(here.environment.sitePackages, "pip", "_internal", "locations", "__init__.py");
    appendFileSync(
      locations,
      `\n_scheme = get_scheme\ndef get_scheme(*a, **k):\n    one = _scheme(*a, **k)\n    object.__setattr__(one, "scripts", ${JSON.stringify(elsewhere)})\n    return one\n`,
    );
    const found = await here.pip("install", "plain==1.0.0");
    expect(found).toMatchObject({ exit: 69, stderr: expect.stringContaining("CANNOT_SET_ASIDE") });
    expect(here.environment.installed()).toEqual([]);
  });
});

describe.skipIf(!hasPip)("pip that passes by the gate", () => {
  it("runs no pip.py of the working directory, whatever Python it is", async () => {
    const here = stage();
    here.write("pip.py", "raise SystemExit(77)\n");
    here.write("pip/__init__.py", "raise SystemExit(77)\n");
    const found = await here.run([here.environment.python, "-m", "pip", "list"], { PYTHONSAFEPATH: "" });
    expect(found.exit, found.stderr).toBe(0);
  });

  it("expands no variable of a requirements file, and fetches none", async () => {
    const here = stage();
    for (const line of ["-r URL/${SECRET}.txt", "-r URL/more.txt", "-c URL/${SECRET}.txt"]) {
      here.write("requirements.txt", `${line.replace("URL", thief.origin)}\n`);
      await here.pip("uninstall", "-y", "-r", "requirements.txt");
      await here.pip("uninstall", "-yrrequirements.txt");
      await here.run([here.environment.python, "-m", "pip", "uninstall", "-y", "--req", "requirements.txt"]);
      await here.pip("uninstall", "-y", "-r", `${thief.origin}/x.txt`);
    }
    expect(thief.requests).toEqual([]);
  });

  it("removes what a requirements file names", async () => {
    const here = stage();
    expect((await here.pip("install", "plain==1.0.0")).exit).toBe(0);
    here.write("requirements.txt", "plain\n");
    const found = await here.pip("uninstall", "-y", "-r", "requirements.txt");
    expect(found.exit, found.stderr).toBe(0);
    expect(here.environment.installed()).toEqual([]);
  });
});

describe.skipIf(!hasPip)("a dependency by URL of a package that no rule admits", () => {
  it("is denied before it is fetched", async () => {
    index.publish(
      makeWheel({ name: "reaches", version: "1.0.0", requires: [`inner @ ${thief.origin}/latest/meta-data.whl`] }),
    );
    const found = await stage().pip("install", "reaches==1.0.0");
    expect(thief.requests).toEqual([]);
    expect(found, found.stderr).toMatchObject({ stderr: expect.stringContaining("REMOTE_DEPENDENCY") });
  });
});
