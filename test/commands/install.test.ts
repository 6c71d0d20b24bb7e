import { gatedInstall } from "../../src/commands/install.ts";
import { check } from "../../src/commands/check.ts";
import type { Artifact } from "../../src/model/artifact.ts";
import type { InstallCommand } from "../../src/options.ts";
import type { Part, Plugin, Proven } from "../../src/plugin.ts";
import { tableOf } from "../../src/plugins.ts";
import { part } from "../support/part.ts";
import type { Runtime } from "../../src/runtime.ts";
import { temporaryFolder } from "../support/folder.ts";
import { artifact } from "../support/policy.ts";
import { stateFolder } from "../../src/io/transaction/state.ts";
import { pretendDead, transacting } from "../support/transaction.ts";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";

const options = {
  policy: null,
  offline: true,
  mode: null,
  reports: [],
  quiet: true,
  policyFrom: null,
  log: null,
} as const;
const command: InstallCommand = { name: "install", installer: "npm", program: ["npm"], args: ["ci"], options };
const DIGEST = { algorithm: "sha512", hex: "a".repeat(128) } as const;
const WIDGET: Artifact = { ...artifact("npm:widget@1.0.0"), digests: [DIGEST] };

let project: string;
let screen: string;
let handedOff: (readonly Proven[])[];

beforeEach(() => {
  project = temporaryFolder();
  screen = "";
  handedOff = [];
});

/** A plugin that has one package, and writes down what is handed to it. */
function plugin(given: Partial<Part> = {}): Plugin {
  return {
    table: tableOf("npm"),
    classify: () => ({ kind: "gate" }),
    command: () => Promise.reject(new Error("not asked")),
    locate: async (request) => ({ request, folder: project, root: project, found: [], replaces: [] }),
    async *stages() {
      const proven = yield part({ lockfile: join(project, "package-lock.json"), artifacts: [WIDGET], ...given });
      return {
        root: project,
        found: [],
        replaces: [{ path: join(project, "node_modules") }],
        prepare: async () => {},
        install: async () => {
          handedOff.push(proven);
          return 7;
        },
        compare: async () => {},
      };
    },
  };
}

function runtime(): Runtime {
  const write = (text: string) => void (screen += text);
  const stream = { write, isTTY: false, columns: 80 };
  return {
    cwd: project,
    env: { SAFE_INSTALL_CACHE: join(project, "cache"), CI: "1" },
    home: project,
    signal: new AbortController().signal,
    stdout: stream,
    stderr: stream,
  };
}

function policy(rules: readonly object[], more: object = {}): void {
  writeFileSync(join(project, ".signing-policy.json"), JSON.stringify({ version: 1, ...more, rules }));
}

const ALLOW = { packages: ["npm:*"], unsigned: "allow", reason: "a test", expires: "2999-01-01" };
const DENY = { packages: ["npm:*"], unsigned: "deny" };

describe("gatedInstall", () => {
  it("hands off what is let through, and ends with the installer's code", async () => {
    policy([ALLOW]);
    expect(await gatedInstall(plugin(), command, runtime())).toBe(7);
    expect(handedOff.map((one) => one.map(({ artifact: { package: ref } }) => ref.name))).toEqual([["widget"]]);
  });

  it("denied: nothing is handed off", async () => {
    policy([DENY]);
    expect(await gatedInstall(plugin(), command, runtime())).toBe(65);
    expect(handedOff).toEqual([]);
    expect(screen).toContain("DENIED_BY_RULE");
  });

  it("denied, and what would let it in cannot be composed: still denied", async () => {
    policy([{ packages: ["npm:other"], unsigned: "deny" }]);
    const opened = plugin({ collect: () => Promise.reject(new TypeError("no question")) });
    const asking = { ...command, options: { ...options, quiet: false } };
    expect(await gatedInstall(opened, asking, runtime())).toBe(65);
    expect(screen).toContain("NO_RULE");
    expect(screen).toContain("no question");
  });

  it("let through, and the plugin says not how to install it: no success", async () => {
    policy([ALLOW]);
    const silent: Plugin = {
      ...plugin(),
      async *stages() {
        yield part({ artifacts: [WIDGET] });
        return null;
      },
    };
    await expect(gatedInstall(silent, command, runtime())).rejects.toThrow(TypeError);
  });

  it("unbound: nothing is handed off", async () => {
    policy([ALLOW]);
    const denial = { code: "GIT_DEPENDENCY", message: "git", details: [] } as const;
    expect(
      await gatedInstall(plugin({ unbound: [{ package: null, location: "x", denial }] }), command, runtime()),
    ).toBe(66);
    expect(handedOff).toEqual([]);
  });

  it("audit hands off what is merely missing, and nothing on the screen says verified", async () => {
    policy([{ packages: ["npm:other"], unsigned: "deny" }], { mode: "audit" });
    expect(await gatedInstall(plugin(), { ...command, options: { ...options, quiet: false } }, runtime())).toBe(7);
    expect(handedOff).toHaveLength(1);
    expect(screen).toContain("NO_RULE");
    expect(screen.replace("nothing here is called verified", "")).not.toMatch(/verified|signed by/i);
  });

  it.each<[readonly string[], string]>([
    [["--proxy", "http://user:s3cret@proxy.example", "install", "w"], "npm install"],
    [["--//npm.example/:_authToken", "s3cret", "ci"], "npm ci"],
    [["--loglevel", "s3cret", "dedupe"], "npm"],
    [["https://user:s3cret@npm.example/w.tgz"], "npm"],
    [["dedupe"], "npm dedupe"],
  ])("%j: no word that may be a value stands in a report", async (args, title) => {
    policy([DENY]);
    const asking = { ...options, reports: [{ format: "json", file: null }] } as const;
    await gatedInstall(plugin(), { ...command, args, options: asking }, runtime());
    expect(JSON.parse(screen)).toMatchObject({ command: title });
    expect(screen).not.toContain("s3cret");
  });

  it("an earlier run that was killed is undone before anything is judged", async () => {
    policy([DENY]);
    mkdirSync(join(project, "node_modules", "old"), { recursive: true });
    const state = stateFolder(runtime().env, runtime().home);
    const paths = { root: project, found: [], replaces: [{ path: join(project, "node_modules") }] };
    await new Promise<void>((working) => {
      const never = () => new Promise<number>(() => working());
      void transacting(state).run(paths, never);
    });
    pretendDead(state);
    expect(await gatedInstall(plugin(), command, runtime())).toBe(65);
    expect(existsSync(join(project, "node_modules", "old"))).toBe(true);
    expect(screen).toContain("put back");
  });
});

it("check leaves what an interrupted run moved aside where it is: it changes nothing", async () => {
  policy([DENY]);
  writeFileSync(join(project, "package.json"), "{}");
  writeFileSync(join(project, "package-lock.json"), '{"lockfileVersion":3,"packages":{}}');
  mkdirSync(join(project, ".safe-install"));
  const path = [process.env["PATH"]].join("");
  const here = { ...runtime(), env: { ...runtime().env, PATH: path } };
  expect(
    await check(
      { name: "check", lockfiles: [], changedSince: null, staged: false, allowsBaseline: false, again: null, options },
      here,
    ),
  ).toBe(0);
  expect(existsSync(join(project, ".safe-install"))).toBe(true);
});
