import { choosesScripts, runScripts } from "../../../../plugins/npm/handoff/scripts.ts";
import type { Command, Proven } from "../../../../src/plugin.ts";
import { filled } from "../../../support/filled.ts";
import { temporaryFolder } from "../../../support/folder.ts";
import { testHost } from "../../../support/npm-session.ts";
import { existsSync, mkdirSync, realpathSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, test } from "vitest";

interface Told {
  /** `NAME@VERSION`, and what the policy says of its scripts. */
  readonly proven: Readonly<Record<string, Partial<Proven> & { readonly runs?: boolean; readonly optional?: boolean }>>;
  /** Folders that npm has put there; all of the proven ones unless told. */
  readonly there?: readonly string[];
  readonly manifest?: object | null;
  readonly links?: readonly string[];
  readonly ownScripts?: boolean;
  readonly version?: string;
  /** What the user says, and where. */
  readonly set?: Readonly<Record<string, readonly [value: unknown, layer: string]>>;
  /** The exit code of what is run. */
  readonly exit?: (words: string) => number;
}

/** What is run, word for word; paths relative to the project, and our own options of each run apart. */
async function run(told: Told) {
  const { proven, manifest = {}, links = [], ownScripts = false, version = "11.5.0", set = {}, exit = () => 0 } = told;
  const project = realpathSync(temporaryFolder());
  const packages = Object.entries(proven).map(([spec, { optional = false }]) =>
    filled(spec, { places: [{ optional }] }),
  );
  const locations = packages.flatMap(({ locked }) => locked.places.map(({ location }) => location));
  for (const folder of told.there ?? [...locations, ...links]) mkdirSync(join(project, folder), { recursive: true });
  if (manifest !== null) writeFileSync(join(project, "package.json"), JSON.stringify(manifest));
  const commands: Command[] = [];
  const notices: string[] = [];
  const line = ({ args }: Command) =>
    args
      .slice(1)
      .filter((word) => !word.startsWith("--"))
      .map((word) => word.replace(`${project}/`, ""))
      .join(" ");
  const host = {
    ...testHost({ home: temporaryFolder(), notices }),
    run: (command: Command) => (commands.push(command), Promise.resolve(exit(line(command)))),
  };
  const config = { prefix: project, get: (key: string) => set[key]?.[0], find: (key: string) => set[key]?.[1] ?? null };
  const code = await runScripts(
    packages.map(({ locked, bytes }) => {
      const { runs = true, scripts } = proven[`${locked.package.name}@${locked.package.version}`] ?? {};
      const artifact = { package: locked.package, digests: [], locations: [], subjectNames: [], runsScripts: runs };
      return { artifact, bytes, ...(scripts === undefined ? {} : { scripts }) };
    }),
    {
      npm: { folder: "/npm", entry: "/npm/bin/npm-cli.js", version },
      config: config as never,
      resolution: {
        locked: new Map(packages.map(({ locked }) => [locked.package.purl, locked])),
        unbound: [],
        notGated: [
          ...links.map((name, at) => ({ kind: at % 2 === 0 ? "workspace" : "first-party", name }) as const),
          { kind: "omitted", name: "node_modules/omitted" },
        ],
        linkedFolders: [],
        conflicts: [],
      },
      settings: { offline: "true", "ignore-scripts": "true" },
      ownScripts,
      host,
    },
  );
  return { code, lines: commands.map(line), commands, notices, has: (path: string) => existsSync(join(project, path)) };
}

const optionsOf = ({ args }: Command) => args.filter((word) => word.startsWith("--"));
const NAMED = { scripts: "run" } as const;
const GIVEN = ["--dangerously-allow-all-scripts=true", "--strict-allow-scripts=false"];

test("the policy chooses where it says anything of anybody's scripts", () => {
  const one = (part: object) => ({ artifact: {}, bytes: {}, ...part }) as Proven;
  expect(choosesScripts([])).toBe(false);
  expect(choosesScripts([one({}), one({})])).toBe(false);
  expect(choosesScripts([one({}), one({ scripts: "skip" })])).toBe(true);
});

describe("whose scripts run", () => {
  it("those that the policy names, and those that it says nothing of by npm's own rules", async () => {
    const { code, lines } = await run({ proven: { "a@1.0.0": NAMED, "b@1.0.0": {}, "c@1.0.0": NAMED } });
    expect(code).toBe(0);
    expect(lines).toEqual(["rebuild node_modules/a node_modules/c", "rebuild node_modules/b"]);
  });

  it("none of what the policy skips, and of what has none", async () => {
    const proven = { "a@1.0.0": { scripts: "skip" }, "b@1.0.0": { ...NAMED, runs: false } } as const;
    expect(await run({ proven })).toMatchObject({ code: 0, lines: [] });
  });

  it("none where the user forbids all of them", async () => {
    const set = { "ignore-scripts": [true, "user"] } as const;
    const told = { proven: { "a@1.0.0": NAMED }, links: ["packages/w"], ownScripts: true };
    expect(await run({ ...told, set })).toMatchObject({ code: 0, lines: [] });
    expect((await run({ ...told, set: { "ignore-scripts": [false, "user"] } })).lines).toHaveLength(2);
  });

  it("none of what the project itself says no to, whatever version it says it of", async () => {
    const allowScripts = { "a@9": false, "@s/b": false, c: true, "d d": false };
    const proven = { "a@1.0.0": NAMED, "@s/b@1.0.0": {}, "c@1.0.0": NAMED, "d@1.0.0": NAMED };
    const { lines } = await run({ proven, manifest: { allowScripts } });
    expect(lines).toEqual(["rebuild node_modules/c node_modules/d"]);
    expect((await run({ proven, manifest: { allowScripts: null } })).lines).toHaveLength(2);
  });

  it("only of what npm has put there", async () => {
    const proven = { "a@1.0.0": NAMED, "b@1.0.0": NAMED, "c@1.0.0": { optional: true } };
    expect((await run({ proven, there: ["node_modules/b"] })).lines).toEqual(["rebuild node_modules/b"]);
  });

  it("then those of folders of the repository, as if they were named", async () => {
    const { lines, commands } = await run({
      proven: { "a@1.0.0": {} },
      links: ["packages/w", "own", "gone"],
      there: ["node_modules/a", "packages/w", "own", "node_modules/omitted"],
      version: "11.16.0",
    });
    expect(lines).toEqual(["rebuild node_modules/a", "rebuild packages/w own"]);
    expect(commands.map((one) => optionsOf(one).includes(GIVEN[0] ?? ""))).toEqual([false, true]);
  });
});

describe("how npm is told", () => {
  it("the settings of the hand-off, but that scripts run", async () => {
    const [command] = (await run({ proven: { "a@1.0.0": NAMED } })).commands;
    expect(command?.file).toBe(process.execPath);
    expect(command?.args[0]).toBe("/npm/bin/npm-cli.js");
    expect(command && optionsOf(command)).toEqual(["--offline=true", "--ignore-scripts=false"]);
  });

  it("npm 11.16 and later: that the policy has decided of what it names", async () => {
    const proven = { "a@1.0.0": NAMED, "b@1.0.0": {} };
    for (const version of ["11.16.0", "12.0.0"])
      expect((await run({ proven, version })).commands.map(optionsOf)).toEqual([
        ["--offline=true", "--ignore-scripts=false", ...GIVEN],
        ["--offline=true", "--ignore-scripts=false"],
      ]);
    for (const one of (await run({ proven, version: "11.15.9" })).commands) expect(optionsOf(one)).toHaveLength(2);
  });

  it("what the user has typed of how they run and what is shown, and what stands elsewhere not", async () => {
    const set = { "foreground-scripts": [true, "cli"], loglevel: ["silly", "user"], omit: ["dev", "cli"] } as const;
    const [command] = (await run({ proven: { "a@1.0.0": NAMED }, set })).commands;
    expect(command && optionsOf(command)).toEqual([
      "--offline=true",
      "--ignore-scripts=false",
      "--foreground-scripts=true",
    ]);
  });
});

describe("what cannot be built", () => {
  const fails = (folder: string) => (words: string) => (words.includes(folder) ? 3 : 0);

  it("is left out where it is optional, as npm does, and is said", async () => {
    const proven = { "a@1.0.0": { ...NAMED, optional: true }, "b@1.0.0": { ...NAMED, optional: true }, "c@1.0.0": {} };
    const { code, lines, notices, has } = await run({ proven, exit: fails("node_modules/a") });
    expect(code).toBe(0);
    expect(lines).toEqual(["rebuild node_modules/a", "rebuild node_modules/b", "rebuild node_modules/c"]);
    expect(notices).toEqual(["safe-install: a is optional and could not be built: left out (node_modules/a)"]);
    expect(["a", "b", "c"].map((name) => has(`node_modules/${name}`))).toEqual([false, true, true]);
  });

  it("ends it where it is not", async () => {
    const proven = { "a@1.0.0": NAMED, "b@1.0.0": {} };
    const { code, lines, notices, has } = await run({ proven, ownScripts: true, exit: fails("node_modules/a") });
    expect([code, lines, notices, has("node_modules/a")]).toEqual([3, ["rebuild node_modules/a"], [], true]);
  });
});

describe("the project's own scripts", () => {
  const scripts = { prepare: "p", install: "i", test: "t", postinstall: "o", preinstall: 7 };

  it("run last, in npm's order, one by one and without any that npm would add", async () => {
    const { code, lines, commands } = await run({
      proven: { "a@1.0.0": NAMED },
      manifest: { scripts },
      ownScripts: true,
    });
    expect(code).toBe(0);
    expect(lines).toEqual(["rebuild node_modules/a", "run install", "run postinstall", "run prepare"]);
    expect(commands.slice(1).every((one) => optionsOf(one).includes("--ignore-scripts=true"))).toBe(true);
  });

  it("all of npm's, and no other", async () => {
    const all = ["prepublish", "postprepare", "preinstall", "preprepare", "prepare", "postinstall", "install", "x"];
    const manifest = { scripts: Object.fromEntries(all.map((name) => [name, "x"])) };
    expect((await run({ proven: {}, manifest, ownScripts: true })).lines).toEqual(
      ["preinstall", "install", "postinstall", "prepublish", "preprepare", "prepare", "postprepare"].map(
        (name) => `run ${name}`,
      ),
    );
  });

  it("do not run where npm would not run them", async () => {
    expect((await run({ proven: {}, manifest: { scripts } })).lines).toEqual([]);
  });

  it("the first that fails ends it", async () => {
    const told = { proven: {}, manifest: { scripts }, ownScripts: true };
    const { code, lines } = await run({ ...told, exit: (words) => (words === "run postinstall" ? 5 : 0) });
    expect([code, lines]).toEqual([5, ["run install", "run postinstall"]]);
  });

  it("a project with binding.gyp is built where no script of its own does it", async () => {
    const built = async (own: object, there: readonly string[]) =>
      (await run({ proven: {}, manifest: { scripts: own }, ownScripts: true, there })).lines.map((line) =>
        line.replace(/ \/.*/, " PROJECT"),
      );
    expect(await built({}, ["binding.gyp"])).toEqual(["rebuild PROJECT"]);
    expect(await built({}, [])).toEqual([]);
    expect(await built({ install: "i" }, ["binding.gyp"])).toEqual(["run install"]);
    expect(await built({ preinstall: "i" }, ["binding.gyp"])).toEqual(["run preinstall"]);
  });

  it("a project without a manifest has none", async () => {
    expect(await run({ proven: {}, manifest: null, ownScripts: true })).toMatchObject({ code: 0, lines: [] });
  });
});
