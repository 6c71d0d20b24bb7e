/** `safe-install` alone where npm and pip both have a lock: real ones, one report, and nothing of either where one is denied. */
import { writeProject } from "../support/project.ts";
import { type Index, makeWheel, sha256, startIndex } from "../support/pypi.ts";
import { hasPip } from "../support/pypi/pythons.ts";
import { policyFor as pinsOf, publishSigned as publishWheel } from "../support/pypi/signed.ts";
import { setStage } from "../support/pypi/stage.ts";
import { type Registry, startRegistry } from "../support/registry.ts";
import { createInstance, policyFor, publishSigned } from "../support/signed.ts";
import type { Instance } from "../support/sigstore.ts";
import { existsSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

let instance: Instance;
let registry: Registry;
let index: Index;

const WHEEL = makeWheel({ name: "gadget", version: "1.2.0", requires: ["helper==1.0.0"] });
const HELPER = makeWheel({ name: "helper", version: "1.0.0" });
const hash = ({ bytes }: { readonly bytes: Buffer }) => sha256(bytes);

beforeAll(async () => {
  instance = await createInstance();
  registry = await startRegistry();
  index = await startIndex();
  await publishSigned(registry, instance, { name: "widget", version: "1.0.0" });
  for (const wheel of [WHEEL, HELPER]) await publishWheel(index, instance, wheel);
});
afterAll(async () => {
  await registry.close();
  await index.close();
});

const JS = new Set(["widget", "breaker"]);
const ALL = ["widget", "gadget", "helper"];
const REQUIREMENTS = () => [
  `gadget==1.2.0 --hash=sha256:${hash(WHEEL)}`,
  `helper==1.0.0 --hash=sha256:${hash(HELPER)}`,
];
const PYLOCK = () => `lock-version = "1.0"
created-by = "test"
${[WHEEL, HELPER]
  .map((one) => {
    const [name, version] = one.filename.split("-");
    const url = `${index.origin}/files/${one.filename}`;
    return `[[packages]]\nname = "${name}"\nversion = "${version}"\nwheels = [{ url = "${url}", hashes = { sha256 = "${hash(one)}" } }]`;
  })
  .join("\n")}
`;

interface Here {
  readonly files?: Readonly<Record<string, string>>;
  readonly npm?: boolean;
  readonly pinned?: readonly string[];
}

/** A project with an npm lock and what Python's tools leave, and the environment whose pip is first on PATH. */
function lay({ files = {}, npm = true, pinned = ALL }: Here) {
  const js = policyFor(pinned.filter((name) => JS.has(name)));
  const python = pinsOf(pinned.filter((name) => !JS.has(name))) as Record<string, object>;
  const policy = {
    ...python,
    ...js,
    signers: { ...python["signers"], ...(js["signers"] as object) },
    rules: [...(python["rules"] as object[]), ...(js["rules"] as object[])],
  };
  const here = setStage({ instance, policy });
  if (npm) writeProject(here.project, registry, { locked: [{ name: "widget", version: "1.0.0" }] });
  for (const [name, text] of Object.entries(files)) here.write(name, text);
  const path = [join(here.environment.folder, "bin"), process.env["PATH"]].join(delimiter);
  const run = (...args: string[]) => here.run(args, { PATH: path, PIP_INDEX_URL: index.url });
  return { ...here, run, npmInstalled: () => existsSync(join(here.project, "node_modules/widget")) };
}

describe.skipIf(!hasPip)("safe-install alone, with locks of npm and of Python's tools", () => {
  it("installs both, in one report", async () => {
    const here = lay({ files: { "requirements.txt": REQUIREMENTS().join("\n") } });
    const { exit, stdout, stderr } = await here.run("--report", "json=report.json", "--report", "pretty");
    expect(exit, stdout + stderr).toBe(0);
    expect(stdout).toContain("safe-install npm ci + pip install");
    const report = JSON.parse(readFileSync(join(here.project, "report.json"), "utf8")) as { projects: unknown[] };
    expect(report.projects).toHaveLength(2);
    expect(here.npmInstalled()).toBe(true);
    expect(here.environment.installed()).toEqual(["gadget==1.2.0", "helper==1.0.0"]);
  });

  it.each([
    ["Python", ["widget", "gadget"]],
    ["npm", ["gadget", "helper"]],
  ])("a package of %s that is denied: nothing of either is installed", async (_, pinned) => {
    const here = lay({ files: { "requirements.txt": REQUIREMENTS().join("\n") }, pinned });
    const { exit, stderr } = await here.run();
    expect({ exit, stderr }).toEqual({ exit: 65, stderr: expect.stringContaining("NO_RULE") });
    expect(here.npmInstalled()).toBe(false);
    expect(here.environment.installed()).toEqual([]);
  });

  it("where the later one does not end well, what was done before it is named", async () => {
    const here = lay({
      files: { "requirements.txt": REQUIREMENTS().join("\n") },
      npm: false,
      pinned: ["breaker", ...ALL],
    });
    const script = `cd ${here.environment.folder} && rm -rf lib && touch lib`;
    await publishSigned(registry, instance, { name: "breaker", version: "1.0.0", scripts: { postinstall: script } });
    writeProject(here.project, registry, {
      locked: [{ name: "breaker", version: "1.0.0", entry: { hasInstallScript: true } }],
    });
    const { exit, stderr } = await here.run();
    expect(exit).not.toBe(0);
    expect(stderr).toContain("safe-install: done before, and kept: npm ci\n");
    expect(existsSync(join(here.project, "node_modules/breaker"))).toBe(true);
  });

  it("pylock.toml before requirements.txt, which is named", async () => {
    const files = { "pylock.toml": PYLOCK(), "requirements.txt": `helper==1.0.0 --hash=sha256:${hash(HELPER)}` };
    const here = lay({ files, npm: false });
    const { exit, stderr, stdout } = await here.run();
    expect(exit, stderr + stdout).toBe(0);
    expect(stderr).toContain("requirements.txt is not installed, because another lock is");
    expect(here.environment.installed()).toEqual(["gadget==1.2.0", "helper==1.0.0"]);
  });

  it("a lock that lacks a hash, or a dependency, installs nothing", async () => {
    const [first = ""] = REQUIREMENTS();
    for (const text of [`${first}\nhelper==1.0.0\n`, first]) {
      const here = lay({ files: { "requirements.txt": text } });
      const { exit, stderr } = await here.run();
      expect({ exit, stderr }).toEqual({ exit: 69, stderr: expect.stringContaining("Hashes are required") });
      expect(here.npmInstalled()).toBe(false);
      expect(here.environment.installed()).toEqual([]);
    }
  });

  it("requirements without hashes are no lock, and locks of other tools are not pip's: both are named", async () => {
    const files = { "requirements.txt": "gadget\n", "uv.lock": "version = 1\n" };
    const both = lay({ files });
    const { exit, stderr } = await both.run();
    expect(exit).toBe(0);
    expect(stderr).toContain("requirements.txt has no hashes: it is no lock; safe-install pip install -r");
    expect(stderr).toContain("uv.lock is no lock that pip installs from: safe-install check judges it");
    expect(both.environment.installed()).toEqual([]);
    const alone = await lay({ files, npm: false }).run();
    expect(alone).toMatchObject({ exit: 64, stderr: expect.stringContaining("NOTHING_HERE") });
    expect(alone.stderr).toContain("export it to pylock.toml");
  });
});
