import type { Execution } from "../../../../plugins/npm/exec/command.ts";
import { toolCommand } from "../../../../plugins/npm/exec/tool.ts";
import { filled } from "../../../support/filled.ts";
import { temporaryFolder } from "../../../support/folder.ts";
import { mkdirSync, realpathSync, symlinkSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { describe, expect, it } from "vitest";

type Asked = Partial<Execution["asked"]>;

interface Told {
  readonly packages?: readonly ReturnType<typeof filled>[];
  /** Commands in node_modules/.bin, and where they lead. */
  readonly links?: Readonly<Record<string, string>>;
  readonly exported?: Readonly<Record<string, string | undefined>>;
}

/** A workshop and a project beside each other, both with a folder of programs on PATH. */
function lay({ packages = [], links = {}, exported }: Told = {}) {
  const root = realpathSync(temporaryFolder());
  const [folder, project, programs] = ["run", "project", "programs"].map((name) => join(root, name)) as Folders;
  for (const one of [join(folder, "node_modules/.bin"), join(project, "bin"), programs])
    mkdirSync(one, { recursive: true });
  for (const place of [join(project, "bin/sh"), join(programs, "sh")]) writeFileSync(place, "", { mode: 0o755 });
  for (const [name, to] of Object.entries(links)) {
    const target = join(root, to);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, "");
    symlinkSync(target, join(folder, "node_modules/.bin", name));
  }
  const path = [join(project, "bin"), programs].join(delimiter);
  const execution = (asked: Asked) =>
    ({
      asked: { packages: [], isPackage: false, words: [], call: null, ...asked },
      cwd: project,
      npm: { folder: "/npm", entry: "/npm/bin/npm-cli.js", version: "11.0.0" },
      config: {
        get: () => undefined,
        flat: { userAgent: "npm/11" },
        exported: exported ?? { PATH: path, npm_config_color: "x" },
      },
      host: { env: { PATH: path } },
      bounds: { repositoryRoot: project, registries: [] },
    }) as unknown as Execution;
  const run = (asked: Asked) => toolCommand(folder, { packages } as never, execution(asked));
  return { root, folder, project, programs, run };
}

type Folders = [folder: string, project: string, programs: string];

const one = (spec: string, bin: Readonly<Record<string, string>>, location?: string) =>
  filled(spec, { bin, ...(location === undefined ? {} : { places: [{ location }] }) });

describe("the command of the package", () => {
  it("is its only one, under whatever name, and gets what comes behind it", async () => {
    const { folder, run } = lay({ packages: [one("tool@1.0.0", { other: "cli.js" })] });
    expect(await run({ isPackage: true, words: ["tool@1", "-x", "y"] })).toMatchObject({
      file: join(folder, "node_modules/tool/cli.js"),
      args: ["-x", "y"],
    });
  });

  it("is the one with the package's own name where there are several, without its scope", async () => {
    const { folder, run } = lay({ packages: [one("@acme/tool@1.0.0", { other: "o.js", tool: "t.js" })] });
    const { file } = await run({ isPackage: true, words: ["@acme/tool"] });
    expect(file).toBe(join(folder, "node_modules/@acme/tool/t.js"));
  });

  it("several names of one file are one command", async () => {
    const { folder, run } = lay({ packages: [one("tool@1.0.0", { a: "cli.js", b: "cli.js" })] });
    expect((await run({ isPackage: true, words: ["tool"] })).file).toBe(join(folder, "node_modules/tool/cli.js"));
  });

  it("of an alias is that of the package behind it, which lies in the alias's folder", async () => {
    const tool = one("tool@1.0.0", { other: "o.js", tool: "t.js" }, "node_modules/mine");
    const { folder, run } = lay({ packages: [one("mine@1.0.0", { mine: "m.js" }, "node_modules/x"), tool] });
    const { file } = await run({ isPackage: true, words: ["mine@npm:tool@1"] });
    expect(file).toBe(join(folder, "node_modules/mine/t.js"));
  });

  it.skipIf(process.platform === "win32")("is npm's link to it, where that leads there and not elsewhere", async () => {
    const packages = [one("tool@1.0.0", { tool: "cli.js" })];
    const honest = lay({ packages, links: { tool: "run/node_modules/tool/cli.js" } });
    const asked = { isPackage: true, words: ["tool"] };
    expect((await honest.run(asked)).file).toBe(join(honest.folder, "node_modules/.bin/tool"));
    const other = lay({ packages, links: { tool: "run/node_modules/other/cli.js" } });
    mkdirSync(join(other.folder, "node_modules/tool"), { recursive: true });
    writeFileSync(join(other.folder, "node_modules/tool/cli.js"), "");
    expect((await other.run(asked)).file).toBe(join(other.folder, "node_modules/tool/cli.js"));
  });

  it.each([
    [{}, "tool has no command"],
    [{ a: "a.js", b: "b.js" }, "tool has several commands: a, b"],
  ])("%j: nobody could tell which", async (bin, message) => {
    const { run } = lay({ packages: [one("tool@1.0.0", bin)] });
    await expect(run({ isPackage: true, words: ["tool"] })).rejects.toMatchObject({
      kind: "usage",
      code: "NO_EXECUTABLE",
      message: expect.stringMatching(new RegExp(`^${message};`)) as string,
      hint: "npx --package=tool -- COMMAND",
    });
  });
});

describe("a command of packages that were named", () => {
  it.skipIf(process.platform === "win32")("is npm's link, where it leads into what was installed", async () => {
    const { folder, run } = lay({ links: { tool: "run/node_modules/a/cli.js", out: "elsewhere/cli.js" } });
    expect(await run({ words: ["tool", "x"] })).toMatchObject({
      file: join(folder, "node_modules/.bin/tool"),
      args: ["x"],
    });
    expect((await run({ words: ["out"] })).file).toBe("out");
  });

  it("else a program of the machine", async () => {
    expect(await lay().run({ words: ["node", "-v"] })).toMatchObject({ file: "node", args: ["-v"] });
  });
});

describe.skipIf(process.platform === "win32")("a shell", () => {
  it("runs what --call says, and none of the project's stands in for it", async () => {
    const { programs, run } = lay();
    expect(await run({ call: "a && b" })).toMatchObject({ file: join(programs, "sh"), args: ["-c", "a && b"] });
  });

  it("is what there is where nothing is named", async () => {
    const { programs, run } = lay();
    expect(await run({})).toMatchObject({ file: join(programs, "sh"), args: [] });
  });
});

describe("what a tool sees", () => {
  it("npm's own variables, and on PATH no folder of the project", async () => {
    const { folder, project, programs, run } = lay();
    const { cwd, env } = await run({ words: ["x"] });
    expect(cwd).toBe(project);
    expect(env).toEqual({
      PATH: [join(folder, "node_modules/.bin"), programs, dirname(process.execPath)].join(delimiter),
      INIT_CWD: project,
      npm_command: "exec",
      npm_lifecycle_event: "npx",
      npm_execpath: "/npm/bin/npm-cli.js",
      npm_config_user_agent: "npm/11",
      npm_config_color: "x",
    });
  });

  it("one PATH, however it is spelled, else that of the machine", async () => {
    const { programs, run, folder } = lay({ exported: { Path: "/usr/bin" } });
    const { env } = await run({ words: ["x"] });
    expect(env["PATH"]?.split(delimiter)).toContain("/usr/bin");
    expect(Object.keys(env)).not.toContain("Path");
    const bare = lay({ exported: {} });
    expect((await bare.run({ words: ["x"] })).env["PATH"]).toContain(bare.programs);
    expect([programs, folder]).not.toContain("/usr/bin");
  });
});
