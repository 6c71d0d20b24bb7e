import { installingIn, makeWorkshop, refuseNeighbours } from "../../../../plugins/npm/exec/scratch.ts";
import { findNpm } from "../../../../plugins/npm/installer.ts";
import type { Command, Host } from "../../../../src/plugin.ts";
import { isolated } from "../../../support/cli.ts";
import { temporaryFolder } from "../../../support/folder.ts";
import { testHost } from "../../../support/npm-session.ts";
import { existsSync, mkdirSync, readdirSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";

let npm: Awaited<ReturnType<typeof findNpm>>;
beforeAll(async () => void (npm = await findNpm(tmpdir(), isolated(tmpdir()))));

interface Told {
  readonly settings?: Readonly<Record<string, unknown>> | null;
  readonly typed?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
  /** The folder for what is temporary. */
  readonly within?: string;
}

async function make({ settings = {}, typed = {}, env = {}, within = temporaryFolder() }: Told = {}) {
  const commands: Command[] = [];
  const run = (one: Command) => (commands.push(one), Promise.resolve(0));
  const host: Host = { ...testHost({ home: temporaryFolder(), env }), run, temporary: () => Promise.resolve(within) };
  return { workshop: await makeWorkshop(settings, typed, npm, host), commands, within: realpathSync(within) };
}

describe("an empty project of our own", () => {
  it("is one level down, with a manifest that says nothing, and what counts of the project's .npmrc", async () => {
    const { workshop, within } = await make({ settings: { registry: "https://npm.example/", audit: "false" } });
    expect(workshop.folder).toBe(join(within, "run"));
    expect(readdirSync(workshop.folder).toSorted()).toEqual([".npmrc", "package.json"]);
    expect(JSON.parse(readFileSync(join(workshop.folder, "package.json"), "utf8"))).toEqual({});
    expect(workshop.config.flat.registry).toBe("https://npm.example/");
    expect(readFileSync(join(workshop.folder, ".npmrc"), "utf8")).not.toContain("audit");
  });

  it("has no .npmrc where none counts", async () => {
    expect(existsSync(join((await make({ settings: null })).workshop.folder, ".npmrc"))).toBe(false);
  });

  it("keeps what was typed of how packages are installed, and nothing of what is to be run or saved", async () => {
    const left = ["package", "call", "yes", "script-shell", "workspace", "workspaces", "include-workspace-root"];
    const saved = ["save-dev", "save-prod", "save-optional", "save-peer", "save-bundle", "save-exact"];
    const rest = ["global", "location", "save", "init-module", "scope", ...saved];
    const typed = Object.fromEntries([...left, ...rest].map((key) => [key, "x"]));
    const { workshop } = await make({ typed: { ...typed, omit: ["dev"], loglevel: "silent" } });
    expect(workshop.options).toEqual({ omit: ["dev"], loglevel: "silent" });
    expect(workshop.config.get("loglevel")).toBe("silent");
    expect(workshop.config.positional).toEqual(["install"]);
  });

  it("refuses options with which npm would do something else than is judged", async () => {
    await expect(make({ typed: { "dry-run": true } })).rejects.toMatchObject({ code: "REFUSED_OPTION" });
  });

  it("what npm says is kept for whoever asks, and does not go where the tool's words go", async () => {
    const { workshop, commands, within } = await make();
    expect(await workshop.said()).toBe("");
    await workshop.host.run({ file: "x", args: [], cwd: within, env: {} });
    expect(commands).toEqual([{ file: "x", args: [], cwd: within, env: {}, log: join(within, "npm.log") }]);
    writeFileSync(join(within, "npm.log"), "added 1 package");
    expect(await workshop.said()).toBe("added 1 package");
  });

  it("installs what is asked for there, and is bounded by it", async () => {
    const { workshop } = await make({ typed: { omit: ["dev"] } });
    const at = {
      request: { purpose: "install", args: ["x"], cwd: "/elsewhere" },
      npm,
      bounds: { repositoryRoot: "/r", registries: ["https://a/"] },
    };
    expect(installingIn(workshop, ["a@1"], at as never)).toMatchObject({
      request: { purpose: "install", args: [], cwd: workshop.folder },
      task: { kind: "change", change: "install", specs: ["a@1"], options: { omit: ["dev"] }, tests: false },
      folder: workshop.folder,
      cwd: workshop.folder,
      root: workshop.folder,
      found: [],
      replaces: [],
      bounds: { repositoryRoot: workshop.folder, registries: ["https://a/"] },
      host: workshop.host,
      config: workshop.config,
    });
  });
});

describe("a temporary folder is not ours alone", () => {
  it("packages above it would be found by a tool", async () => {
    const within = temporaryFolder();
    mkdirSync(join(within, "node_modules"));
    const refused = {
      kind: "usage",
      code: "PROJECT_OUTSIDE",
      message: expect.stringContaining(join(realpathSync(within), "node_modules")) as string,
      hint: expect.stringContaining("TMPDIR") as string,
    };
    await expect(make({ within })).rejects.toMatchObject(refused);
    await expect(refuseNeighbours(join(realpathSync(within), "a/b/c"))).rejects.toMatchObject(refused);
    await expect(refuseNeighbours(dirname(within))).resolves.toBeUndefined();
    // Its own are its own.
    await expect(refuseNeighbours(within)).resolves.toBeUndefined();
  });

  it("npm would take a folder above for the project", async () => {
    const within = temporaryFolder();
    writeFileSync(join(within, "package.json"), JSON.stringify({ workspaces: ["run"] }));
    await expect(make({ within })).rejects.toMatchObject({
      code: "PROJECT_OUTSIDE",
      message: expect.stringMatching(/for the project/) as string,
    });
  });
});
