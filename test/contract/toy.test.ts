import { putInto } from "../support/folder.ts";
import { isolated, type Outcome } from "../support/cli.ts";
import { createInstance, type Instance } from "../support/sigstore.ts";
import { type Built, buildWithToy } from "./toy/build.ts";
import { keepsTheContract, type Laid } from "./suite.ts";
import { toy as plugin } from "./toy/plugin/index.ts";
import { startToyRegistry, type ToyRegistry } from "./toy/registry.ts";
import { execa } from "execa";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from "vitest";

let built: Built;
let instance: Instance;
let registry: ToyRegistry;

beforeAll(async () => {
  built = buildWithToy();
  instance = await createInstance();
});
afterAll(() => built.remove());
beforeEach(async () => {
  registry = await startToyRegistry(instance);
  onTestFinished(() => registry.close());
});

interface Toy {
  readonly folder: string;
  readonly home: string;
  readonly write: (path: string, content: unknown) => void;
  readonly run: (args: readonly string[], env?: Readonly<Record<string, string>>) => Promise<Outcome>;
  /** Every file of the project with its content, but for the policy. */
  readonly tree: () => Readonly<Record<string, string>>;
}

const NEW = { catalog: true, gadget: "new gadget", widget: "new widget" };
const POLICY = policyFor(["catalog", "gadget", "widget"]);

/** A project whose folder holds an older installation and a file of a person's. */
async function project(policy: unknown = POLICY, published: { readonly unsigned?: string } = {}): Promise<Toy> {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "safe-install-test-")));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const folder = join(root, "project");
  const home = join(root, "home");
  const write = (path: string, content: unknown) => putInto(folder, path, content);
  write("toy.lock", { registry: registry.url, catalog: await publishAll(published) });
  mkdirSync(join(folder, ".git"), { recursive: true });
  writeFileSync(join(folder, ".git/HEAD"), "ref: refs/heads/main\n");
  for (const name of ["objects", "refs"]) mkdirSync(join(folder, ".git", name));
  write("trust/root.json", instance.trustedRoot);
  if (policy !== null) write(".signing-policy.json", policy);
  write("toy_modules/.toy", ["gone", "widget"]);
  write("toy_modules/gone", "no longer asked for");
  write("toy_modules/widget", "old widget");
  write("toy_modules/mine.txt", "a person's own");
  return {
    folder,
    home,
    write,
    run: async (args, env = {}) => {
      const { exitCode, stdout, stderr } = await execa(process.execPath, [built.bin, ...args], {
        cwd: folder,
        env: { ...isolated(home), TOY_INSTALLER: built.installer, ...env },
        extendEnv: false,
        reject: false,
        stdin: "ignore",
      });
      return { exit: exitCode ?? -1, stdout, stderr };
    },
    tree: () => Object.fromEntries(filesOf(folder).filter(([path]) => !/^(?:\.git|\.signing-|trust)/.test(path))),
  };
}

/** @returns what the lock names: the catalog of all the others */
async function publishAll({ unsigned }: { readonly unsigned?: string }) {
  const packages = [];
  for (const name of ["gadget", "widget"])
    packages.push(await registry.publish(name, "2", `new ${name}`, unsigned !== name));
  return registry.publish("catalog", "7", JSON.stringify(packages), unsigned !== "catalog");
}

function filesOf(folder: string, below = ""): readonly [string, string][] {
  return readdirSync(join(folder, below))
    .toSorted()
    .flatMap((name): readonly [string, string][] => {
      const path = join(below, name);
      return statSync(join(folder, path)).isDirectory()
        ? filesOf(folder, path)
        : [[path, readFileSync(join(folder, path), "utf8")]];
    });
}

function policyFor(names: readonly string[]): object {
  const workflow = ".github/workflows/release.yml";
  const signerOf = (name: string) => ({
    githubActions: { repository: `acme/${name}`, workflow, ref: "refs/tags/v{version}" },
    trust: "test",
  });
  return {
    version: 1,
    trust: { test: { trustedRoot: "trust/root.json" } },
    signers: Object.fromEntries(names.map((name) => [name, signerOf(name)])),
    rules: names.map((name) => ({ packages: [`toy:${name}`], signedBy: [name] })),
  };
}

/** What an installation leaves: the packages, the list, and what is not its own. */
function installed(before: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const { "toy_modules/gone": _gone, ...rest } = before;
  return {
    ...rest,
    "toy_modules/.toy": JSON.stringify(["catalog", "gadget", "widget"]),
    "toy_modules/catalog": expect.stringContaining("gadget"),
    "toy_modules/gadget": NEW.gadget,
    "toy_modules/widget": NEW.widget,
  };
}

describe("toy keeps the contract", () => keepsTheContract({ plugin, lay }));

async function lay(): Promise<Laid> {
  const { folder, home } = await project();
  return {
    folder,
    home,
    names: ["toy.lock"],
    env: { ...isolated(home), TOY_INSTALLER: built.installer },
    requests: () => registry.requests.length,
    installed: () => join(folder, "toy_modules/gadget"),
    meddle: () => writeFileSync(join(folder, "toy_modules/gadget"), "meddled with"),
  };
}

describe("a fourth ecosystem", () => {
  it("is installed from proven packages, after a first part that says what comes", async () => {
    const toy = await project();
    const before = toy.tree();
    const { exit, stderr } = await toy.run(["toy", "install"]);
    expect(exit, stderr).toBe(0);
    expect(stderr).toContain("3 packages: 3 publisher verified");
    expect(toy.tree()).toEqual(installed(before));
  });

  it("is found by safe-install alone, and by check, which changes nothing", async () => {
    const toy = await project();
    const before = toy.tree();
    const check = await toy.run(["check"]);
    expect(check.exit, check.stderr + check.stdout).toBe(0);
    expect(check.stdout + check.stderr).toContain("3 packages: 3 publisher verified");
    expect(toy.tree()).toEqual(before);
    const alone = await toy.run([]);
    expect(alone.exit, alone.stderr).toBe(0);
    expect(toy.tree()).toEqual(installed(before));
  });

  it("is pinned part by part: what the first one says is known once it is let in", async () => {
    const toy = await project({ version: 1, trust: { test: { trustedRoot: "trust/root.json" } } });
    const before = toy.tree();
    for (const _part of ["catalog", "what it lists"]) {
      const { exit, stderr, stdout } = await toy.run(["policy", "pin", "--write"]);
      expect(exit, stderr + stdout).toBe(0);
    }
    const policy = readFileSync(join(toy.folder, ".signing-policy.json"), "utf8");
    for (const name of ["catalog", "gadget", "widget"]) {
      expect(policy).toContain(`toy:${name}`);
      expect(policy).toContain(`acme/${name}`);
    }
    expect(toy.tree()).toEqual(before);
    expect(await toy.run(["toy", "install"])).toMatchObject({ exit: 0 });
  });

  it("init records what nobody known has signed", async () => {
    const toy = await project(null);
    const { exit, stderr, stdout } = await toy.run(["init", "--record"]);
    expect([0, 65], stderr + stdout).toContain(exit);
    expect(readFileSync(join(toy.folder, ".signing-policy.json"), "utf8")).toContain("toy:");
  });

  it("is explained, package by package", async () => {
    const toy = await project();
    const { exit, stdout, stderr } = await toy.run(["explain", "toy:widget"]);
    expect(exit, stderr).toBe(0);
    expect(stdout).toContain("toy:widget@2 is allowed");
    expect(stdout).toContain("pkg:toy/widget@2");
  });

  it("what a denied first part would have named is never asked for", async () => {
    const toy = await project(policyFor(["gadget", "widget"]));
    const before = toy.tree();
    const { exit, stderr } = await toy.run(["toy", "install"]);
    expect(exit, stderr).toBe(65);
    expect(stderr).toContain("toy:catalog@7   NO_RULE");
    expect(registry.requests.filter((path) => /gadget|widget/.test(path))).toEqual([]);
    expect(toy.tree()).toEqual(before);
  });

  it("a denied second part leaves the project as it was", async () => {
    const toy = await project(POLICY, { unsigned: "widget" });
    const before = toy.tree();
    const { exit, stderr } = await toy.run(["toy", "install"]);
    expect(exit, stderr).toBe(65);
    expect(stderr).toContain("toy:widget@2   NO_EVIDENCE");
    expect(toy.tree()).toEqual(before);
  });

  it("passes through what does not install, and refuses what is not known", async () => {
    const toy = await project();
    expect(await toy.run(["toy", "list"])).toMatchObject({ exit: 0, stdout: "toy lists" });
    const refused = await toy.run(["toy", "upgrade"]);
    expect(refused.exit).toBe(64);
    expect(refused.stderr).toContain("toy upgrade is not supported");
  });
});

describe("its hand-off in place", () => {
  it("is undone where the installer fails, with the installer's own exit", async () => {
    const toy = await project();
    const before = toy.tree();
    expect(await toy.run(["toy", "install"], { TOY_EXIT: "7" })).toMatchObject({ exit: 7 });
    expect(toy.tree()).toEqual(before);
  });

  it("is undone where something else lies there than was proven", async () => {
    const toy = await project();
    const before = toy.tree();
    const { exit, stderr } = await toy.run(["toy", "install"], { TOY_LIES: "1" });
    expect(exit, stderr).toBe(66);
    expect(stderr).toContain("INSTALLED_MISMATCH");
    expect(toy.tree()).toEqual(before);
  });

  it("ends with what follows it", async () => {
    const toy = await project();
    expect(await toy.run(["toy", "install", "--then"])).toMatchObject({ exit: 3 });
  });

  it.each(["prepared", "set-aside", "half", "installed", "compared"])(
    "killed with -9 when it is %s: the next run puts everything back, and installs",
    async (step) => {
      const toy = await project();
      const before = toy.tree();
      expect((await toy.run(["toy", "install"], { TOY_DIES: step })).exit).toBe(-1);
      toy.write(".signing-policy.json", policyFor(["gadget", "widget"]));
      expect(await toy.run(["toy", "install"])).toMatchObject({ exit: 65 });
      expect(toy.tree()).toEqual(before);
      toy.write(".signing-policy.json", POLICY);
      expect(await toy.run(["toy", "install"])).toMatchObject({ exit: 0 });
      expect(toy.tree()).toEqual(installed(before));
    },
  );

  it("killed with -9 after its commit point: what is new stays, and nothing of ours", async () => {
    const toy = await project();
    const before = toy.tree();
    expect((await toy.run(["toy", "install", "--then"], { TOY_DIES: "committed" })).exit).toBe(-1);
    expect(toy.tree()).toEqual(installed(before));
    expect(await toy.run(["toy", "install"])).toMatchObject({ exit: 0 });
    expect(toy.tree()).toEqual(installed(before));
  });
});
