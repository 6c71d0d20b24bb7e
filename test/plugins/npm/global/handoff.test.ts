import { type GlobalPlace, globalHandoff, prepareGlobal, runGlobal } from "../../../../plugins/npm/global/handoff.ts";
import { loadConfig } from "../../../../plugins/npm/config.ts";
import { findNpm } from "../../../../plugins/npm/installer.ts";
import { registriesOf } from "../../../../plugins/npm/origin.ts";
import type { Command, Proven } from "../../../../src/plugin.ts";
import { isolated } from "../../../support/cli.ts";
import { filled } from "../../../support/filled.ts";
import { temporaryFolder } from "../../../support/folder.ts";
import { testHost } from "../../../support/npm-session.ts";
import { existsSync, mkdirSync, readdirSync, realpathSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";

const REGISTRIES = registriesOf({ registry: "https://npm.example/", cache: "", omit: [] }, "never", []);
const BINS = process.platform === "win32" ? "" : "bin";

let npm: Awaited<ReturnType<typeof findNpm>>;
beforeAll(async () => void (npm = await findNpm(tmpdir(), isolated(tmpdir()))));

interface Told {
  readonly options?: Readonly<Record<string, unknown>>;
  readonly version?: string;
  readonly exit?: number;
  readonly ignoreScripts?: boolean;
}

/** The global folder, and what npm is started with there. */
async function lay({ options = {}, version, exit = 0, ignoreScripts = false }: Told = {}) {
  const [home, cwd, root] = [temporaryFolder(), temporaryFolder(), join(realpathSync(temporaryFolder()), "prefix")];
  const env = { ...isolated(home), npm_config_prefix: root, npm_config_ignore_scripts: String(ignoreScripts) };
  const commands: Command[] = [];
  const host = { ...testHost({ home, env }), run: (one: Command) => (commands.push(one), Promise.resolve(exit)) };
  const task = { kind: "global", change: "install", specs: [], options } as const;
  const place = {
    task,
    cwd,
    root,
    npm: { ...npm, version: version ?? npm.version },
    config: await loadConfig(npm, ["install", "--global"], cwd, env),
    bounds: { repositoryRoot: cwd, registries: [] },
    host,
    globals: { prefix: root, packages: "lib/node_modules", bins: BINS },
  } as unknown as GlobalPlace;
  const words = () => commands.map(({ args }) => args.slice(1).filter((word) => !word.startsWith("--")));
  const put = (path: string, content: object) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), JSON.stringify(content));
  };
  return { place, root, commands, words, put };
}

function bytesOnDisk(spec: string, more: Parameters<typeof filled>[1] = {}) {
  const one = filled(spec, more);
  const file = join(temporaryFolder(), "one.tgz");
  writeFileSync(file, spec);
  return { ...one, bytes: { ...one.bytes, file } };
}

const proven = (one: ReturnType<typeof filled>, scripts?: Proven["scripts"], runsScripts = true): Proven => ({
  artifact: { package: one.locked.package, digests: [], locations: [], subjectNames: [], runsScripts },
  bytes: one.bytes,
  ...(scripts === undefined ? {} : { scripts }),
});

async function handoff(
  place: GlobalPlace,
  all: readonly ReturnType<typeof filled>[],
  names: readonly string[],
  yes: readonly Proven[],
) {
  const set = { packages: all, proven: yes, registries: REGISTRIES } as unknown as Parameters<typeof globalHandoff>[0];
  return globalHandoff(set, names, place);
}

describe("what npm is told that changes the global folder", () => {
  it("a cache that holds the proven bytes, and nothing but the global mode", async () => {
    const { place } = await lay();
    const settings = await prepareGlobal([bytesOnDisk("tool@1.0.0")], REGISTRIES, place, { more: "x" });
    expect(settings).toMatchObject({
      global: "true",
      "dry-run": "false",
      "package-lock-only": "false",
      offline: "true",
      more: "x",
    });
    expect(readdirSync(settings["cache"] ?? "")).toEqual(["_cacache"]);
    const none = await prepareGlobal([bytesOnDisk("tool@1.0.0")], null, place);
    expect(readdirSync(none["cache"] ?? "")).toEqual([]);
  });

  it.each([
    ["11.8.9", undefined, undefined, undefined],
    ["11.9.0", "none", undefined, undefined],
    ["11.13.9", "none", undefined, undefined],
    ["11.14.0", "none", "all", "none"],
    ["12.0.0", "none", "all", "none"],
  ])("npm %s: git %s, addresses %s, files %s", async (version, git, remote, file) => {
    const { place } = await lay({ version });
    const settings = await prepareGlobal([], null, place);
    expect([settings["allow-git"], settings["allow-remote"], settings["allow-file"]]).toEqual([git, remote, file]);
  });

  it("the user's options come before ours; where it is global, ours alone say it", async () => {
    const { place, commands } = await lay({ options: { loglevel: "silent", global: true, location: "global" } });
    await runGlobal(["install", "tool@1.0.0"], { global: "true", fund: "false" }, place);
    expect(commands[0]?.args.slice(1)).toEqual([
      "install",
      "--loglevel=silent",
      "--global=true",
      "--fund=false",
      "--",
      "tool@1.0.0",
    ]);
  });

  it("a setting of ours that npm would not take ends it before it begins", async () => {
    const { place, commands } = await lay();
    const other = { ...place, config: { ...place.config, prefix: "/elsewhere" } };
    await expect(runGlobal(["install"], { global: "true" }, other)).rejects.toMatchObject({ code: "REFUSED_OPTION" });
    expect(commands).toEqual([]);
  });
});

describe("the hand-off of global packages", () => {
  it("installs exactly the versions that were judged, aliases by their real names", async () => {
    const { place, words } = await lay();
    const alias = bytesOnDisk("real@2.0.0", { places: [{ location: "node_modules/mine" }] });
    const all = [bytesOnDisk("deep@1.0.0"), bytesOnDisk("@acme/tool@1.0.0"), alias];
    const one = await handoff(
      place,
      all,
      ["@acme/tool", "mine"],
      all.map((each) => proven(each)),
    );
    await one.prepare();
    expect(existsSync(place.root)).toBe(true);
    expect(await one.install()).toBe(0);
    expect(words()).toEqual([["install", "@acme/tool@1.0.0", "mine@npm:real@2.0.0"]]);
  });

  it("is not begun before it is prepared, nor for what was not resolved", async () => {
    const { place } = await lay();
    const all = [bytesOnDisk("tool@1.0.0")];
    await expect((await handoff(place, all, ["tool"], [])).install()).rejects.toThrow("not prepared");
    await expect(handoff(place, all, ["other"], [])).rejects.toMatchObject({
      code: "NOT_OBTAINED",
      message: "other was not resolved",
    });
  });

  it.skipIf(process.platform === "win32")("puts the old folders and commands aside, and no others", async () => {
    const { place, root, put } = await lay();
    for (const name of ["tool", "old"]) {
      put(`lib/node_modules/${name}/cli.js`, {});
      mkdirSync(join(root, "bin"), { recursive: true });
      symlinkSync(`../lib/node_modules/${name}/cli.js`, join(root, "bin", `${name}-command`));
    }
    const all = [bytesOnDisk("tool@1.0.0", { bin: { fresh: "cli.js", "old-command": "o.js" } })];
    const { replaces, root: changed } = await handoff(place, all, ["tool"], []);
    expect(changed).toBe(root);
    expect(replaces.map(({ path }) => path)).toEqual(
      ["lib/node_modules/tool", "bin/tool-command", "bin/fresh"].map((path) => join(root, path)),
    );
  });
});

describe("where the policy says whose scripts run", () => {
  const installed = async (told: Told, scripts: readonly (Proven["scripts"] | "none")[], there = true) => {
    const laid = await lay(told);
    const all = [bytesOnDisk("tool@1.0.0"), bytesOnDisk("other@1.0.0")];
    if (there)
      for (const name of ["tool", "other"])
        laid.put(`lib/node_modules/${name}/package.json`, { name, version: "1.0.0" });
    const yes = all.map((one, at) =>
      scripts[at] === "none" ? proven(one, "run", false) : proven(one, scripts[at] as "run"),
    );
    const one = await handoff(laid.place, all, ["tool", "other"], yes);
    await one.prepare();
    const code = await one.install().catch((error: { readonly code?: string }) => error.code);
    const options = laid.commands.map(({ args }) => args.filter((word) => /scripts/.test(word)));
    return { code, words: laid.words().map((all) => all.map((word) => word.replace(`${laid.root}/`, ""))), options };
  };
  const INSTALL = ["install", "tool@1.0.0", "other@1.0.0"];

  it("npm unpacks without any, and then builds exactly those packages", async () => {
    const { code, words, options } = await installed({ version: "11.15.9" }, ["run", "skip"]);
    expect([code, words]).toEqual([0, [INSTALL, ["rebuild", "lib/node_modules/tool"]]]);
    expect(options).toEqual([["--ignore-scripts=true"], ["--ignore-scripts=false"]]);
  });

  it("what it says nothing of runs by npm's own rules, and what has none is not built", async () => {
    expect((await installed({}, ["skip", undefined])).words).toEqual([INSTALL, ["rebuild", "lib/node_modules/other"]]);
    expect((await installed({}, ["none", "skip"])).words).toEqual([INSTALL]);
  });

  it("nothing is built where the user forbids it, where npm failed, or where it put other things there", async () => {
    expect((await installed({ ignoreScripts: true }, ["run", "run"])).words).toEqual([INSTALL]);
    expect(await installed({ exit: 3 }, ["run", "run"])).toMatchObject({ code: 3, words: [INSTALL] });
    expect(await installed({}, ["run", "run"], false)).toMatchObject({ code: "INSTALLED_MISMATCH", words: [INSTALL] });
  });

  it("where it says nothing of anybody's, npm has it its own way", async () => {
    const { words, options } = await installed({}, [undefined, undefined]);
    expect([words, options]).toEqual([[INSTALL], [[]]]);
  });
});
