/** The user's own packages (PEP 370), folders beside one another, and hashes that do not fit: as with pip itself. */
import { type Index, makeProject, makeSdist, makeWheel, sha256, startIndex } from "../support/pypi.ts";
import { hasPip, NEWEST_PIP, PYTHON } from "../support/pypi/pythons.ts";
import { setStage, type Stage } from "../support/pypi/stage.ts";
import { createInstance, type Instance } from "../support/sigstore.ts";
import { temporaryFolder } from "../support/folder.ts";
import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

let instance: Instance;
let index: Index;
const LEAF = makeWheel({ name: "leaf", version: "1.0" });
const SOURCE = makeSdist({ name: "both", version: "1.0", mark: "/nowhere" });

beforeAll(async () => {
  instance = await createInstance();
  index = await startIndex();
  for (const version of ["1.0", "2.0"]) index.publish(makeWheel({ name: "mine", version }));
  index.publish(LEAF);
  index.publish(makeWheel({ name: "both", version: "1.0" }));
  index.publish(SOURCE);
  for (const [name, version] of [
    ["old", "1.0"],
    ["old", "2.0"],
    ["older", "1.0"],
  ] as const)
    index.publish(makeSdist({ name, version, mark: "/nowhere" }));
  index.publish(makeWheel({ name: "wants", version: "1.0", requires: ["mine<2"] }));
  index.publish(makeWheel({ name: "needs", version: "1.0", requires: ["older"] }));
  index.publish(makeWheel({ name: "asks", version: "1.0", requires: ["mono-a>=0.1", "mono-c>=0.1"] }));
  for (const name of ["mono-a", "mono-c"]) index.publish(makeWheel({ name, version: "9.0" }));
  index.publish({
    ...makeWheel({ name: "wrong", version: "1.0" }),
    statedSha256: "0".repeat(64),
    statedMetadata: false,
  });
});
afterAll(() => index.close());

const policy = {
  version: 1,
  rules: [{ packages: ["pypi:*"], unsigned: "allow", reason: "t", expires: "2099-01-01" }],
};
const stage = (env = {}) => setStage({ instance, policy, env: { PIP_INDEX_URL: index.url, ...env } });

describe.skipIf(!hasPip)("the user's own packages", () => {
  // On 5e65d5c pip lay in no folder that was looked into, and nothing went there unless --user was typed.
  it("pip lies there, and nowhere else; what was there is replaced; what another is refused in pip's own words", async () => {
    const here = stage();
    const { base, packages } = layPip(here);
    const env = { PYTHONUSERBASE: base };
    const run = (...words: readonly string[]) => here.run([PYTHON!, "-m", "pip", ...words], env);
    for (const version of ["1.0", "2.0"]) {
      const { exit, stderr, stdout } = await run("install", "--user", `mine==${version}`);
      expect(exit, `${stderr}${stdout}`).toBe(0);
    }
    expect(readdirSync(packages).filter((name) => name.startsWith("mine"))).toEqual(["mine", "mine-2.0.dist-info"]);
    const closed = await here.pip("install", "--user", "mine");
    expect(closed.exit, closed.stderr).toBe(64);
    expect(closed.stderr).toContain("User site-packages are not visible in this virtualenv");
    const required = await here.run([PYTHON!, "-m", "pip", "install", "mine"], { ...env, PIP_REQUIRE_VIRTUALENV: "1" });
    expect(required.exit, required.stderr).toBe(64);
    expect(`${required.stderr}${required.stdout}`).toContain("Could not find an activated virtualenv");
  });

  it("a Python of the whole system is not meant where nobody typed a pip, unless that is said", async () => {
    const here = stage();
    const bin = temporaryFolder();
    writeFileSync(join(bin, "pip"), `#!${PYTHON}\n`, { mode: 0o755 });
    here.write("requirements.txt", `leaf==1.0 --hash=sha256:${"0".repeat(64)}\n`);
    const env = { PYTHONUSERBASE: layPip(here).base, PATH: `${bin}:${process.env["PATH"]}` };
    const bare = await here.run([], env);
    expect({ ...bare }).toMatchObject({ exit: 64, stderr: expect.stringContaining("PIP_GLOBAL") });
    // Its hash is wrong: it goes on, and no further than that.
    const meant = await here.run(["--system"], env);
    expect({ ...meant }).toMatchObject({ exit: 66, stderr: expect.stringContaining("INTEGRITY_MISMATCH") });
  });
});

/** A pip that lies among the user's own packages, and nowhere else. */
function layPip({ environment }: Stage) {
  const base = join(temporaryFolder(), "base");
  const packages = join(base, "lib", basename(dirname(environment.sitePackages)), "site-packages");
  mkdirSync(packages, { recursive: true });
  execFileSync(PYTHON!, ["-I", "-S", "-m", "zipfile", "-e", NEWEST_PIP!.wheel, packages]);
  return { base, packages };
}

describe.skipIf(!hasPip)("folders that are named beside one another", () => {
  // On 5e65d5c mono-a was asked of the index, whoever has that name there.
  it("are what the others ask for, also packages of the index", async () => {
    const here = stage();
    const mark = join(here.home, "mark");
    for (const [name, requires] of [
      ["mono-a", []],
      ["mono-b", ["mono-a", "asks"]],
      ["mono-c", []],
    ] as const)
      for (const [path, text] of Object.entries(makeProject({ name, version: "0.1", mark, requires })))
        here.write(
          `${name}/${path}`,
          name === "mono-c" ? text.replace('version = "0.1"', 'dynamic = ["version"]') : text,
        );
    const { exit, stderr, stdout } = await here.pip("install", "./mono-a", "./mono-b", "./mono-c");
    expect(exit, `${stderr}${stdout}`).toBe(0);
    expect(here.environment.installed()).toEqual(["asks==1.0", "mono_a==0.1", "mono_b==0.1", "mono_c==0.1"]);
    expect(index.requests.filter(({ url }) => url.includes("mono"))).toEqual([]);
  });
});

describe.skipIf(!hasPip)("what pip says itself", () => {
  // On f4fe81c the first installed nothing and ended with 0, the second was a traceback, and the third 127.
  it("is said", async () => {
    const here = setStage({ instance, policy, env: { PIP_INDEX_URL: index.url }, untouched: true });
    const bare = join(temporaryFolder(), "bare");
    execFileSync(PYTHON ?? "", ["-I", "-m", "venv", "--without-pip", bare]);
    const python = join(bare, "bin/python");
    for (const [words, exit, text] of [
      [[here.environment.pip, "install"], 64, "at least one requirement"],
      [[python, "-m", "pip", "install", "leaf"], 127, `${python} has no pip`],
      [[here.environment.pip, "install", "leaf", "--help"], 64, "pip has shown its help"],
      [[here.environment.pip, "--python", python, "install", "leaf"], 64, "PATH/TO/python -m pip"],
      [[here.environment.pip, "install", "-c", "https://x.example/c.txt", "leaf"], 64, "name the file"],
      [[here.environment.pip, "install", "wants", "mine==2.0"], 69, "wants 1.0 depends on mine<2"],
    ] as const)
      expect(await here.run(words)).toMatchObject({ exit, stderr: expect.stringContaining(text) });
    const past = { VIRTUAL_ENV: bare, PATH: `${join(bare, "bin")}:${dirname(here.environment.pip)}` };
    const elsewhere = await here.run(["pip", "install", "nothing-of-that-name"], past);
    expect(elsewhere).toMatchObject({ exit: 69, stderr: expect.stringContaining(`${bare} has no pip`) });
    const env = { PIP_PYTHON: python };
    const other = await here.run([here.environment.pip, "install", "leaf"], env);
    expect(other).toMatchObject({ exit: 64, stderr: expect.stringContaining("--python is refused") });
  });

  // On f4fe81c all of these were OPTION_REFUSED.
  it("may name in a requirements file what is configured already", async () => {
    const here = setStage({ instance, policy, env: { PIP_INDEX_URL: index.url, PIP_FIND_LINKS: "links" } });
    here.write("links/none.txt", "");
    const lines = [`--index-url ${index.url.replace(/\/$/, "")}`, "--find-links ./links", "--trusted-host 127.0.0.1"];
    here.write("requirements.txt", `${lines.join("\n")}\nleaf\n`);
    const { exit, stderr } = await here.pip("install", "-r", "requirements.txt");
    expect(exit, stderr).toBe(0);
    here.write("requirements.txt", "--find-links ./other\nleaf\n");
    const refused = await here.pip("install", "-r", "requirements.txt");
    expect(refused).toMatchObject({ exit: 66, stderr: expect.stringContaining("OPTION_REFUSED") });
  });
});

describe.skipIf(!hasPip)("what there is only as source", () => {
  // On f4fe81c one of them was named, of another version, and what fits no version was called a source distribution.
  it("is named all at once, with the version that was asked for", async () => {
    const here = setStage({ instance, policy, env: { PIP_INDEX_URL: index.url }, untouched: true });
    const { exit, stderr } = await here.pip("install", "old<2", "needs", "both");
    expect(exit, stderr).toBe(66);
    for (const name of ["pypi:old@1.0 ", "pypi:older@1.0 "]) expect(stderr).toContain(name);
    expect(stderr).not.toContain("evidence");
    const none = await here.pip("install", "old>=99");
    expect(none).toMatchObject({ exit: 69, stderr: expect.stringContaining("RESOLUTION_FAILED") });
    expect(none.stderr).not.toContain("SOURCE_DISTRIBUTION");
  });
});

describe.skipIf(!hasPip)("bytes that do not hash to what is stated", () => {
  // On 5e65d5c pip's own refusal of them was RESOLUTION_FAILED, 69, and the hash of a source distribution "tampered".
  it("are 66 from the index; the hash of a source distribution is called that", async () => {
    const here = setStage({ instance, policy, env: { PIP_INDEX_URL: index.url }, untouched: true });
    here.write("source.txt", `both==1.0 --hash=sha256:${sha256(SOURCE.bytes)}\n`);
    for (const [words, code] of [
      [["wrong"], "INTEGRITY_MISMATCH"],
      [["-r", "source.txt"], "SOURCE_DISTRIBUTION"],
    ] as const) {
      const { exit, stderr } = await here.pip("install", ...words);
      expect({ exit, stderr }).toMatchObject({ exit: 66, stderr: expect.stringContaining(code) });
    }
  });
});
