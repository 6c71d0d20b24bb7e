import { exactly, outputsOf, parseWritten, readGraph } from "../../../../plugins/dotnet/resolve/graph.ts";
import type { Command } from "../../../../src/plugin.ts";
import { putInto, temporaryFolder } from "../../../support/folder.ts";
import { testHost } from "../../../support/npm-session.ts";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

describe("what NuGet writes", () => {
  const sources = (...members: string[]) => `{"restore": {"sources": {\n  ${members.join(",\n  ")}\n}}}`;

  it("names a source for each of its names; that is one source", () => {
    expect(
      parseWritten(sources('"https://a.example": {}', '"https://b.example": {}', '"https://a.example": {}')),
    ).toEqual({ restore: { sources: { "https://a.example": {}, "https://b.example": {} } } });
    expect(parseWritten(sources())).toEqual({ restore: { sources: {} } });
  });

  it.each([sources('"a": {}', '"a": {"b": 1}'), '{"a": {}, "a": {}}', sources('"a": 1', '"a": 1')])(
    "nothing else twice: %s",
    (text) => expect(() => parseWritten(text)).toThrow("duplicate name"),
  );
});

describe("a version in brackets", () => {
  it.each([
    ["[8.0.31, 8.0.31]", ["8.0.31"]],
    ["[1.0.0]", ["1.0.0"]],
    ["[1.0.0, 1.0.0];[2.0.0, 2.0.0]", ["1.0.0", "2.0.0"]],
    ["[1.0.0, 2.0.0]", []],
    ["1.0.0", []],
  ])("the exact versions in %s", (range, versions) => expect(exactly(range)).toEqual(versions));
});

describe("what is restored", () => {
  /** A dotnet that writes this graph when it is asked for one. */
  async function graphOf(
    projects: Readonly<Record<string, object>> | null,
    words: readonly string[] = [],
    name = "a.sln",
    files: Readonly<Record<string, string>> = {},
  ) {
    const folder = join(temporaryFolder(), "in");
    mkdirSync(folder);
    for (const [path, content] of Object.entries(files)) putInto(folder, path, content);
    const commands: Command[] = [];
    const run = (one: Command) => {
      commands.push(one);
      if (projects !== null) putInto(folder, "graph.json", { projects });
      return Promise.resolve(0);
    };
    const host = { ...testHost({ home: temporaryFolder() }), run };
    const dotnet = { file: "/sdk/dotnet", cwd: folder, host, sdks: null, home: folder };
    const target = { file: join(folder, name), folder };
    return { found: await readGraph(dotnet, target, words, folder), commands, folder };
  }

  it("is what NuGet would be asked to restore: of each project what it says, and what NuGet takes where it says nothing", async () => {
    const { found } = await graphOf({
      "/r/a.csproj": {
        restore: {
          projectPath: "/r/A.csproj",
          projectStyle: "PackageReference",
          outputPath: "/r/out",
          sources: { "https://a": {}, "https://b": {} },
          configFilePaths: ["/r/NuGet.config"],
          restoreLockProperties: {
            restorePackagesWithLockFile: "true",
            nuGetLockFilePath: "/r/own.json",
            restoreLockedMode: true,
          },
        },
        frameworks: {
          net8: { dependencies: { x: {} }, downloadDependencies: [{ name: "Pack", version: "[1.0.0, 1.0.0]" }] },
          net9: { downloadDependencies: [{ name: "Range", version: "[1.0.0, 2.0.0]" }] },
        },
      },
      "/r/b.csproj": { frameworks: { net8: { dependencies: {} } } },
      "/r/c.csproj": {
        restore: {
          restoreLockProperties: { restorePackagesWithLockFile: true, restoreLockedMode: "true", nuGetLockFilePath: 7 },
        },
      },
      "/r/d.csproj": {
        restore: { restoreLockProperties: { restorePackagesWithLockFile: "false", restoreLockedMode: false } },
      },
    });
    expect(found[0]).toEqual({
      file: "/r/A.csproj",
      style: "PackageReference",
      output: "/r/out",
      lock: "/r/own.json",
      usesLock: true,
      lockedMode: true,
      sources: ["https://a", "https://b"],
      configFiles: ["/r/NuGet.config"],
      downloads: [["Pack", "1.0.0"]],
      hasDependencies: true,
    });
    const plain = {
      style: "Unknown",
      output: "/r/obj",
      lock: "/r/packages.lock.json",
      sources: [],
      configFiles: [],
      downloads: [],
    };
    expect(found.slice(1)).toEqual([
      { ...plain, file: "/r/b.csproj", usesLock: false, lockedMode: false, hasDependencies: false },
      { ...plain, file: "/r/c.csproj", usesLock: true, lockedMode: true, hasDependencies: false },
      { ...plain, file: "/r/d.csproj", usesLock: false, lockedMode: false, hasDependencies: false },
    ]);
  });

  it("goes by the lock of a project's own name, where it is there", async () => {
    const folder = temporaryFolder();
    putInto(folder, "packages.My_App.lock.json", "{}");
    const { found } = await graphOf({ [join(folder, "My App.csproj")]: {}, [join(folder, "b.csproj")]: {} });
    expect(found.map(({ lock }) => lock.slice(folder.length + 1))).toEqual([
      "packages.My_App.lock.json",
      "packages.lock.json",
    ]);
  });

  it("is asked for with the user's properties, and without what an earlier restore has left", async () => {
    const { commands, folder } = await graphOf({}, ["-p:Configuration=Release", "--force-evaluate"]);
    const [command] = commands;
    expect(command?.args.slice(0, 3)).toEqual(["msbuild", join(folder, "a.sln"), "-t:GenerateRestoreGraphFile"]);
    expect(command?.args.filter((word) => word.startsWith("-p:"))).toEqual([
      "-p:Configuration=Release",
      `-p:RestoreGraphOutputPath=${join(folder, "graph.json")}`,
      "-p:ImportProjectExtensionProps=false",
      "-p:ImportProjectExtensionTargets=false",
    ]);
    expect(command?.args).not.toContain("--force-evaluate");
    expect(command?.env["NUGET_PACKAGES"]).toBe(join(folder, "none"));
  });

  it("is nothing that anybody could know where dotnet has written none", async () => {
    await expect(graphOf(null, [], "a.csproj")).rejects.toMatchObject({
      code: "DOTNET_FAILED",
      message: "dotnet wrote no restore graph",
    });
  });

  it.each(["a.sln", "a.slnx", "A.SLNF"])(
    "is nothing where a solution holds no project that dotnet knows: %s",
    async (name) => {
      expect((await graphOf(null, [], name)).found).toEqual([]);
    },
  );

  const filter = JSON.stringify({ solution: { path: "deep\\a.sln", projects: [] } });
  it.each([
    ["a.sln", { "Directory.Solution.targets": "" }],
    ["a.sln", { "../Directory.Solution.props": "" }],
    ["a.sln", { "after.a.sln.targets": "" }],
    ["a.slnx", { "before.a.slnx.targets": "" }],
    ["f.slnf", { "f.slnf": filter, "deep/after.a.sln.targets": "" }],
    ["f.slnf", { "f.slnf": filter, "deep/Directory.Solution.targets": "" }],
  ])("is not known where files of a solution may keep it from being written: %s, %j", async (name, files) => {
    await expect(graphOf(null, [], name, files)).rejects.toMatchObject({ code: "DOTNET_FAILED" });
    const others = { "f.slnf": filter, "after.b.sln.targets": "", "deep/before.b.sln.targets": "" };
    expect((await graphOf(null, [], name, others)).found).toEqual([]);
  });

  it("a restore writes these files of a project", () => {
    const names = outputsOf({ file: "/r/a.csproj", output: "/r/obj" }).map((path) => path.replace("/r/obj/", ""));
    expect(names.slice(0, 5)).toEqual([
      "project.assets.json",
      "project.nuget.cache",
      "a.csproj.nuget.g.props",
      "a.csproj.nuget.g.targets",
      "a.csproj.nuget.dgspec.json",
    ]);
    expect(names).toHaveLength(6);
  });
});
