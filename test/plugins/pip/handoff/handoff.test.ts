import { elsewhere, wordsOf } from "../../../../plugins/pip/handoff/build.ts";
import { pipHandoff, wheelsOf } from "../../../../plugins/pip/handoff/handoff.ts";
import type { InstallPlan } from "../../../../plugins/pip/handoff/plan.ts";
import { carried, closed, replacing } from "../../../../plugins/pip/handoff/words.ts";
import type { PipOptions } from "../../../../plugins/pip/words.ts";
import { putInto } from "../../../support/folder.ts";
import { type Asked, fakePython } from "../../../support/pypi/fake-python.ts";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const OPTIONS = {
  target_dir: null,
  prefix_path: null,
  root_path: null,
  use_user_site: null,
  platforms: null,
  python_version: null,
  implementation: null,
  abis: null,
  compile: true,
  upgrade: false,
  force_reinstall: null,
  ignore_installed: null,
  warn_script_location: true,
  warn_about_conflicts: true,
  override_externally_managed: null,
  root_user_action: null,
  progress_bar: null,
  quiet: 0,
  verbose: 0,
  no_color: false,
  log: null,
  ignore_dependencies: false,
  json_report_file: null,
  ignore_requires_python: null,
  debug_mode: false,
} as unknown as PipOptions;
const SHA = "a".repeat(64);
const WIDGET = { name: "widget", version: "1.0", sha256: SHA, filename: "widget-1.0-py3-none-any.whl" };
const GADGET = { name: "gadget", version: "2.0", sha256: "b".repeat(64), filename: "gadget-2.0-py3-none-any.whl" };
const PLAN: InstallPlan = {
  root: "/venv",
  found: ["/other"],
  replaces: [{ path: "/venv/lib" }],
  expected: [],
  standing: [],
  stale: [],
  staying: [],
  bytecode: [],
  strangers: [],
  starting: [],
  metadata: {},
  unfit: [],
};
const OWN = {
  folder: "/project/own",
  name: "own",
  editable: false,
  extras: [],
  buildRequires: [],
  mayAsk: false,
  isVersioned: true,
};

interface Told {
  readonly plan?: Partial<InstallPlan>;
  readonly options?: Partial<PipOptions>;
  readonly builds?: readonly (typeof OWN)[];
  /** Exit codes of pip, by what it does. */
  readonly exit?: (job: Readonly<Record<string, unknown>>) => number;
  readonly later?: Partial<InstallPlan>;
  readonly install?: readonly object[];
}

const item = ({ name, version, sha256 }: typeof WIDGET) => ({
  metadata: { name, version },
  is_direct: false,
  download_info: { url: "https://i.example/x", archive_info: { hashes: { sha256 } } },
});

/** A hand-off of two proven wheels, and what pip was told on the way. */
async function begin({
  plan = {},
  options = {},
  builds = [],
  exit = () => 0,
  later = {},
  install = [WIDGET, GADGET].map(item),
}: Told = {}) {
  const answer = ({ job }: Asked) => {
    const words = (job["args"] ?? []) as readonly string[];
    const code = exit(job);
    const report = words[words.indexOf("--report") + 1] ?? "";
    if (words.includes("--report")) writeFileSync(report, JSON.stringify({ version: "1", install }));
    if ("wheels" in job) return { code, answer: { ...PLAN, ...later, astray: [] } };
    return { code, answer: { built: "to" in job ? [{ name: "own", file: "/built/own.whl" }] : [] } };
  };
  const made = fakePython(answer);
  const kept: string[] = [];
  const all = {
    ready: [WIDGET, GADGET],
    wheels: "/proven",
    builds: builds.map((project) => ({ project, wheels: "/for-own" })),
    plan: { ...PLAN, ...plan },
    keep: () => Promise.resolve(void kept.push("kept")),
    options: { ...OPTIONS, ...options },
    environment: "/venv",
    requested: ["widget"],
    python: made.python,
  };
  const handoff = await pipHandoff(all);
  const jobs = () => made.asked.map(({ job }) => job);
  const words = () => jobs().map(({ args }) => (args ?? null) as readonly string[] | null);
  return { handoff, jobs, words, kept, ...made };
}

const locked = (words: readonly string[] | null) => readFileSync(words?.[words.indexOf("-r") + 1] ?? "", "utf8");

describe("pip installs", () => {
  it("the proven wheels, each with its hash, and from nowhere else", async () => {
    const { handoff, words, jobs, asked } = await begin();
    expect([handoff.root, handoff.found, handoff.replaces]).toEqual(["/venv", ["/other"], [{ path: "/venv/lib" }]]);
    await handoff.prepare();
    expect(words()).toEqual([]);
    expect(await handoff.install()).toBe(0);
    const [line] = words();
    expect(line?.slice(0, 12)).toEqual(["install", ...closed("/proven"), "--require-hashes", "--no-deps"]);
    expect(line).toContain("--force-reinstall");
    expect(locked(line ?? null)).toBe(
      `widget==1.0 --hash=sha256:${SHA}\ngadget==2.0 --hash=sha256:${"b".repeat(64)}\n`,
    );
    expect(jobs()[0]).toMatchObject({ requested: ["widget"], warn: true, offline: true });
    expect(asked[0]?.command.env).toMatchObject({ PIP_NO_INDEX: "1" });
    await expect(handoff.compare()).resolves.toBeUndefined();
  });

  it("and warns as the user wants it", async () => {
    for (const options of [{ warn_about_conflicts: false }, { ignore_dependencies: true }]) {
      const { handoff, jobs } = await begin({ options });
      await handoff.prepare();
      await handoff.install();
      expect(jobs()[0]).toMatchObject({ warn: false });
    }
  });

  it("something else: it is found out", async () => {
    const { handoff } = await begin({ install: [item(WIDGET)] });
    await handoff.prepare();
    await handoff.install();
    await expect(handoff.compare()).rejects.toMatchObject({ code: "INSTALLED_MISMATCH" });
    const missing = await begin({
      plan: { expected: [{ name: "widget", file: "w.py", path: "/gone/w.py", sha256: [SHA] }] },
    });
    await missing.handoff.prepare();
    await missing.handoff.install();
    await expect(missing.handoff.compare()).rejects.toMatchObject({ code: "INSTALLED_MISMATCH" });
  });

  it("not what would lie where no wheel may bring anything", async () => {
    const { handoff, words } = await begin({ plan: { unfit: [{ name: "widget", path: "../x", why: "outside" }] } });
    await expect(handoff.prepare()).rejects.toMatchObject({ code: "ARCHIVE_INVALID" });
    expect(words()).toEqual([]);
  });

  it("and what it says counts", async () => {
    const { handoff } = await begin({ exit: () => 3 });
    await handoff.prepare();
    expect(await handoff.install()).toBe(3);
  });
});

describe("what lies there", () => {
  it("as proven is left alone, and that is said", async () => {
    const { handoff, words, notices } = await begin({ plan: { staying: ["widget"] }, install: [item(GADGET)] });
    await handoff.prepare();
    expect(await handoff.install()).toBe(0);
    expect(locked(words()[0] ?? null)).toBe(`gadget==2.0 --hash=sha256:${"b".repeat(64)}\n`);
    expect(notices).toEqual(["safe-install: 1 of 2 lie there as proven: the others are installed"]);
    await expect(handoff.compare()).resolves.toBeUndefined();
  });

  it("all of it: pip is not started, and nothing is said where nothing is to be said", async () => {
    const { handoff, words, notices } = await begin({ plan: { staying: ["widget", "gadget"] } });
    await handoff.prepare();
    expect(await handoff.install()).toBe(0);
    await handoff.compare();
    expect(words()).toEqual([]);
    expect(notices).toEqual(["safe-install: 2 of 2 lie there as proven: nothing is installed"]);
    const quiet = await begin({ plan: { staying: ["widget", "gadget"] }, options: { quiet: 1 } });
    await quiet.handoff.prepare();
    await quiet.handoff.install();
    expect(quiet.notices).toEqual([]);
  });

  it("as bytecode is never trusted", async () => {
    const { python } = fakePython(() => ({}));
    for (const path of ["stale.pyc", "cache/a.pyc"]) putInto(python.cwd, path, "");
    const at = (path: string) => join(python.cwd, path);
    const { handoff } = await begin({ plan: { stale: [at("stale.pyc"), at("gone.pyc")], bytecode: [at("cache")] } });
    await handoff.prepare();
    expect(existsSync(at("stale.pyc"))).toBe(true);
    await handoff.install();
    expect([existsSync(at("stale.pyc")), existsSync(at("cache"))]).toEqual([false, false]);
  });
});

describe("once all of it is there", () => {
  it("it is remembered, and pip's report lies where it was wanted", async () => {
    const { handoff, kept, python } = await begin({ options: { json_report_file: "report.json" } });
    await handoff.prepare();
    await handoff.install();
    expect(kept).toEqual([]);
    expect(await handoff.next?.()).toBe(0);
    expect(kept).toEqual(["kept"]);
    expect(JSON.parse(readFileSync(join(python.cwd, "report.json"), "utf8"))).toMatchObject({ version: "1" });
    const none = await begin();
    await none.handoff.prepare();
    await none.handoff.install();
    expect(await none.handoff.next?.()).toBe(0);
    expect(none.kept).toEqual(["kept"]);
  });
});

describe("projects of the repository", () => {
  const kinds = (jobs: readonly Readonly<Record<string, unknown>>[]) =>
    jobs.map((job) => ("to" in job ? "build" : "wheels" in job ? "plan" : "built" in job ? "project" : "wheels"));

  it("are built before anything changes, planned for, and installed after the wheels", async () => {
    const { handoff, jobs, words } = await begin({ builds: [OWN], later: { root: "/planned", replaces: [] } });
    await handoff.prepare();
    expect(kinds(jobs())).toEqual(["build", "plan"]);
    expect(handoff.replaces).toEqual([]);
    expect(jobs()[1]).toMatchObject({
      wheels: [...wheelsOf([WIDGET, GADGET], "/proven"), { name: "own", file: "/built/own.whl", own: true }],
      names: ["widget", "gadget", "own", "own"],
    });
    expect(await handoff.install()).toBe(0);
    expect(kinds(jobs())).toEqual(["build", "plan", "wheels", "project"]);
    expect(jobs()[3]).toMatchObject({ built: { own: "/built/own.whl" }, offline: false, children: true });
    expect(words()[0]?.slice(0, 2)).toEqual(["install", "--ignore-installed"]);
    expect(words()[3]?.at(-1)).toBe("/project/own");
  });

  it("that cannot be built leave everything as it is", async () => {
    const { handoff, jobs } = await begin({ builds: [OWN, OWN], exit: (job) => ("to" in job ? 2 : 0) });
    await handoff.prepare();
    expect(await handoff.install()).toBe(2);
    expect(kinds(jobs())).toEqual(["build"]);
  });

  it("are not installed where the wheels were not, and the first that fails ends it", async () => {
    const wheels = await begin({ builds: [OWN], exit: (job) => (kinds([job])[0] === "wheels" ? 4 : 0) });
    await wheels.handoff.prepare();
    expect(await wheels.handoff.install()).toBe(4);
    expect(kinds(wheels.jobs())).toEqual(["build", "plan", "wheels"]);
    const projects = await begin({ builds: [OWN, OWN], exit: (job) => (kinds([job])[0] === "project" ? 5 : 0) });
    await projects.handoff.prepare();
    expect(await projects.handoff.install()).toBe(5);
    expect(kinds(projects.jobs()).filter((kind) => kind === "project")).toHaveLength(1);
  });

  it("are named with their extras, and by their folder where they are editable", () => {
    const words = (part: object) =>
      wordsOf({ project: { ...OWN, ...part }, wheels: "/w" }, OPTIONS).slice(closed("/w").length);
    expect(words({})).toEqual(["--no-deps", "/project/own"]);
    expect(words({ editable: true, extras: ["a", "b"] })).toEqual(["--no-deps", "-e", "/project/own[a,b]"]);
  });

  it("are built for no place of the user's", () => {
    expect(elsewhere(OPTIONS, "/t")).toBe(OPTIONS);
    for (const part of [{ target_dir: "x" }, { prefix_path: "x" }, { root_path: "x" }])
      expect(elsewhere({ ...OPTIONS, ...part, use_user_site: true }, "/t")).toMatchObject({
        target_dir: "/t",
        prefix_path: null,
        root_path: null,
        use_user_site: null,
      });
  });
});

describe("the user's wishes", () => {
  const said = (part: Partial<PipOptions>) => carried({ ...OPTIONS, ...part });
  it.each<[Partial<PipOptions>, readonly string[]]>([
    [{}, []],
    [{ target_dir: "t", prefix_path: "", root_path: "r" }, ["--target=t", "--root=r"]],
    [
      { prefix_path: "p", implementation: "cp", python_version: [3, 11] },
      ["--prefix=p", "--implementation=cp", "--python-version=3.11"],
    ],
    [
      { root_user_action: "ignore", progress_bar: "off", log: "l" },
      ["--root-user-action=ignore", "--progress-bar=off", "--log=l"],
    ],
    [{ use_user_site: true }, ["--user"]],
    [{ use_user_site: false }, ["--no-user"]],
    [{ compile: false, warn_script_location: false }, ["--no-compile", "--no-warn-script-location"]],
    [
      { override_externally_managed: true, ignore_requires_python: true },
      ["--break-system-packages", "--ignore-requires-python"],
    ],
    [{ no_color: true, debug_mode: true }, ["--no-color", "--debug"]],
    [{ platforms: ["a", "b"], abis: ["c"] }, ["--platform=a", "--platform=b", "--abi=c"]],
    [{ quiet: 2, verbose: 1 }, ["-q", "-q", "-v"]],
  ])("%j are said again", (part, words) => expect(said(part)).toEqual(words));

  it.each<[Partial<PipOptions>, readonly string[]]>([
    [{}, ["--force-reinstall"]],
    [{ target_dir: "t" }, ["--ignore-installed"]],
    [{ target_dir: "t", upgrade: true }, ["--ignore-installed", "--upgrade"]],
    [{ prefix_path: "p" }, ["--ignore-installed"]],
    [{ root_path: "r", upgrade: true }, ["--ignore-installed"]],
  ])("%j: what is installed is never taken for proven", (part, words) =>
    expect(replacing({ ...OPTIONS, ...part })).toEqual(words),
  );
});
