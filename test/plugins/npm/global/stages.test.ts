import { changeGlobal } from "../../../../plugins/npm/global/stages.ts";
import { loadConfig } from "../../../../plugins/npm/config.ts";
import { findNpm } from "../../../../plugins/npm/installer.ts";
import type { GlobalTask } from "../../../../plugins/npm/task.ts";
import { renderOptions } from "../../../../plugins/npm/words.ts";
import type { Command } from "../../../../src/plugin.ts";
import { isolated } from "../../../support/cli.ts";
import { temporaryFolder } from "../../../support/folder.ts";
import { testHost } from "../../../support/npm-session.ts";
import { mkdirSync, realpathSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";

let npm: Awaited<ReturnType<typeof findNpm>>;
beforeAll(async () => void (npm = await findNpm(tmpdir(), isolated(tmpdir()))));

interface Told extends Partial<Omit<GlobalTask, "kind">> {
  readonly npmrc?: string;
  /** What lies in the global folder. */
  readonly there?: readonly string[];
  /** npm is one of the global packages itself. */
  readonly ownNpm?: boolean;
  readonly manifest?: object;
}

/** `npm CHANGE -g SPECS`, up to the first part that would be judged. */
async function begin({
  change = "install",
  specs = [],
  options = {},
  there = [],
  ownNpm = false,
  manifest,
  npmrc = "",
}: Told) {
  const [home, cwd, root] = [temporaryFolder(), realpathSync(temporaryFolder()), realpathSync(temporaryFolder())];
  writeFileSync(join(home, ".npmrc"), npmrc);
  writeFileSync(join(cwd, "package.json"), JSON.stringify(manifest ?? {}));
  for (const name of there) {
    const file = join(root, "lib/node_modules", name, "package.json");
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, JSON.stringify({ name, version: "1.0.0" }));
  }
  const env = { ...isolated(home), npm_config_prefix: root };
  const commands: Command[] = [];
  const notices: string[] = [];
  const host = { ...testHost({ home, env, notices }), run: (one: Command) => (commands.push(one), Promise.resolve(0)) };
  const words = ["install", "--global", ...renderOptions(options)];
  const stages = changeGlobal({
    task: { kind: "global", change, specs, options },
    npm: ownNpm ? { ...npm, folder: join(root, "lib/node_modules/npm") } : npm,
    config: await loadConfig(npm, words, cwd, env),
    host,
    root,
    cwd,
    folder: cwd,
    found: [],
    replaces: [],
    request: { purpose: "install", args: [], cwd },
    bounds: { repositoryRoot: cwd, registries: [] },
  });
  const first = await stages.next([]);
  return { first, next: () => stages.next([]), commands, notices, root, cwd };
}

const refused = (code: string, message: string) => ({
  kind: "usage",
  code,
  message: expect.stringContaining(message) as string,
});

describe("the global folder is left alone", () => {
  it("where --force would overwrite other programs in it", async () => {
    await expect(begin({ npmrc: "force=true\n", specs: ["a"] })).rejects.toMatchObject(
      refused("REFUSED_OPTION", "--force"),
    );
  });

  it("where an option would do something else", async () => {
    await expect(begin({ npmrc: "dry-run=true\n", specs: ["a"] })).rejects.toMatchObject(
      refused("REFUSED_OPTION", "dry-run"),
    );
  });

  it("where nothing is named, which would link this folder", async () => {
    await expect(begin({})).rejects.toMatchObject({
      ...refused("NOT_GATED", "links this folder"),
      hint: "safe-install npm link",
    });
  });

  it("where npm would replace itself", async () => {
    for (const told of [{ specs: ["npm"] }, { specs: ["npm@11"] }])
      await expect(begin({ ...told, there: ["npm"], ownNpm: true })).rejects.toMatchObject(
        refused("NOT_GATED", "cannot replace itself"),
      );
  });

  it("where what is to be updated is not there", async () => {
    await expect(begin({ change: "update", specs: ["a", "b"], there: ["a"] })).rejects.toMatchObject({
      ...refused("USAGE", "b is not among the global packages"),
      hint: "safe-install npm install -g b",
    });
  });
});

describe("what is taken away", () => {
  it("is judged by nobody: npm is offline, and finds what it takes away", async () => {
    const { first, next, commands, root } = await begin({
      change: "uninstall",
      specs: ["a", "@acme/b@1"],
      there: ["a"],
    });
    expect(first).toMatchObject({ done: false, value: { artifacts: [], unbound: [], notGated: [] } });
    const { done, value } = await next();
    if (done !== true || value === null) throw new TypeError("nothing to hand off");
    expect(value).toMatchObject({ root, found: [] });
    expect(value.replaces).toEqual([
      { path: join(root, "lib/node_modules"), touches: ["a", "@acme/b"] },
      { path: join(root, "bin"), touches: [] },
    ]);
    await value.prepare();
    expect(await value.install()).toBe(0);
    await expect(value.compare()).resolves.toBeUndefined();
    const [command] = commands;
    expect(command?.args.slice(1).filter((word) => !word.startsWith("--"))).toEqual(["uninstall", "a", "@acme/b"]);
    expect(command?.args).toContain("--offline=true");
  });

  it("has a name", async () => {
    await expect(begin({ change: "uninstall" })).rejects.toMatchObject(refused("USAGE", "which package?"));
  });
});

describe("a link to this folder", () => {
  const linked = async (manifest: object) => {
    const begun = await begin({ change: "link", manifest });
    const { done, value } = await begun.next();
    if (done !== true || value === null) throw new TypeError("nothing to hand off");
    return { ...begun, value };
  };

  it("is first-party, and lies beside the global packages with its commands", async () => {
    const { first, value, root, cwd, commands } = await linked({ name: "@acme/own", bin: { own: "x.js" } });
    expect(first).toMatchObject({ value: { artifacts: [], notGated: [{ kind: "first-party", name: "@acme/own" }] } });
    const link = join(root, "lib/node_modules/@acme/own");
    expect(value.replaces.map(({ path }) => path)).toEqual([link, join(root, "bin/own")]);
    await value.prepare();
    expect(await value.install()).toBe(0);
    expect(commands[0]?.args[1]).toBe("link");
    expect(commands[0]?.args).toContain("--global=false");
    expect(commands[0]?.args.some((word) => word.startsWith("--allow-file"))).toBe(false);
    await expect(value.compare()).rejects.toMatchObject({
      code: "INSTALLED_MISMATCH",
      message: expect.stringContaining(cwd) as string,
    });
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(cwd, link);
    await expect(value.compare()).resolves.toBeUndefined();
  });

  it("has a name that a registry could have", async () => {
    for (const manifest of [{}, { name: 7 }]) await expect(linked(manifest)).rejects.toMatchObject({ code: "USAGE" });
    await expect(linked({ name: "./own" })).rejects.toMatchObject({ code: "FILE_DEPENDENCY" });
  });
});
