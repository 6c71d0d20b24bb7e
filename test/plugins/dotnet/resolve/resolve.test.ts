import { areAllLocked, readProjects, setOf, type Read } from "../../../../plugins/dotnet/resolve/resolve.ts";
import type { DotnetProject } from "../../../../plugins/dotnet/resolve/graph.ts";
import type { Command } from "../../../../src/plugin.ts";
import { putInto, temporaryFolder } from "../../../support/folder.ts";
import { testHost } from "../../../support/npm-session.ts";
import { layRepository } from "../../../support/repository.ts";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const HASH = Buffer.alloc(64, 1).toString("base64");
const lockOf = (...ids: string[]) => ({
  version: 1,
  dependencies: {
    "net8.0": Object.fromEntries(
      ids.map((id) => [id, { type: "Direct", requested: "[1.0.0, )", resolved: "1.0.0", contentHash: HASH }]),
    ),
  },
});

function project(root: string, name: string, more: Partial<DotnetProject> = {}): DotnetProject {
  return {
    file: join(root, name, `${name}.csproj`),
    style: "PackageReference",
    output: join(root, name, "obj"),
    lock: join(root, name, "packages.lock.json"),
    usesLock: true,
    lockedMode: false,
    sources: [],
    configFiles: [],
    downloads: [],
    hasDependencies: true,
    ...more,
  };
}

/** A dotnet that writes what it is asked for, and says what it was asked. */
function dotnetIn(root: string, graph: object = {}) {
  const commands: Command[] = [];
  const home = temporaryFolder();
  const run = (one: Command) => {
    commands.push(one);
    const [, output] = one.args.map((word) => /^-p:RestoreGraphOutputPath=(.*)$/.exec(word)).find(Boolean) ?? [];
    if (output !== undefined) writeFileSync(output, JSON.stringify(graph));
    return Promise.resolve(0);
  };
  const host = { ...testHost({ home, env: { HOME: home } }), run };
  const inner = join(home, "inner");
  return { dotnet: { file: "/sdk/dotnet", cwd: root, host, sdks: null, home: inner }, commands, home, inner };
}

function read(root: string, projects: readonly DotnetProject[], unbound: Read["unbound"] = []) {
  const { dotnet, commands } = dotnetIn(root);
  const target = { file: join(root, "a.slnx"), folder: root };
  const folder = temporaryFolder();
  return { read: { dotnet, target, projects, settings: {}, unbound, folder } as unknown as Read, commands };
}

const namesIn = ({ resolution }: Awaited<ReturnType<typeof setOf>>) => [...resolution.wanted.keys()].toSorted();
const UNBOUND = { package: null, location: "x", denial: { code: "FILE_DEPENDENCY" } } as never;

describe("a set of packages from locks", () => {
  it("is the union of them, with what is downloaded beside in exact versions, and nothing is started", async () => {
    const root = temporaryFolder();
    putInto(root, "a/packages.lock.json", lockOf("One"));
    putInto(root, "b/packages.lock.json", lockOf("Two"));
    const projects = [
      project(root, "a", {
        downloads: [
          ["Pack", "8.0.1"],
          ["not/an id", "1"],
        ],
      }),
      project(root, "b"),
      project(root, "c", { style: "PackagesConfig", downloads: [["Old", "1.0.0"]] }),
    ];
    const { read: asked, commands } = read(root, projects);
    const set = await setOf(asked, [], true);
    expect(namesIn(set)).toEqual(["old/1.0.0", "one/1.0.0", "pack/8.0.1", "two/1.0.0"]);
    expect(set.quarantine).toBeNull();
    expect(set.resolution.unbound).toEqual([]);
    expect(set.resolution.wanted.get("pack/8.0.1")).toMatchObject({ stated: [], locations: [projects[0]!.file] });
    expect(set.resolution.notGated.map(({ kind, name }) => [kind, name])).toEqual([["not-supported", "c.csproj"]]);
    expect(commands).toEqual([]);
  });

  it("is what can be told where a project cannot be bound: nothing is restored for it", async () => {
    const root = temporaryFolder();
    putInto(root, "a/packages.lock.json", lockOf("One"));
    const { read: asked, commands } = read(root, [project(root, "a"), project(root, "b")], [UNBOUND]);
    const set = await setOf(asked, [], false);
    expect(namesIn(set)).toEqual(["one/1.0.0"]);
    expect(set.resolution.unbound.map(({ denial }) => denial.code)).toEqual(["FILE_DEPENDENCY", "LOCK_UNSUPPORTED"]);
    expect(set.quarantine).toBeNull();
    expect(commands).toEqual([]);
  });

  it("comes from a restore in quarantine where there is no lock for each", async () => {
    const root = temporaryFolder();
    const { read: asked, commands } = read(root, [project(root, "a")]);
    const set = await setOf(asked, ["-p:Mine=1"], false);
    expect(set.quarantine).toBe(join(asked.folder, "packages"));
    expect(commands.map(({ args }) => args)).toEqual([expect.arrayContaining([join(root, "a.slnx"), "-p:Mine=1"])]);
  });
});

it("each project that restores by reference needs a lock, and no other", async () => {
  const root = temporaryFolder();
  putInto(root, "a/packages.lock.json", {});
  const [a, b] = [project(root, "a"), project(root, "b")];
  expect(await areAllLocked([a])).toBe(true);
  expect(await areAllLocked([a, b])).toBe(false);
  expect(await areAllLocked([b])).toBe(false);
  expect(await areAllLocked([a, project(root, "b", { style: "PackagesConfig" })])).toBe(true);
  expect(await areAllLocked([])).toBe(true);
});

describe("the projects behind a command line", () => {
  const asked = (root: string, sources: readonly string[], configFiles: readonly string[]) => ({
    projects: {
      [join(root, "a.csproj")]: {
        restore: {
          projectPath: join(root, "a.csproj"),
          projectStyle: "PackageReference",
          sources: Object.fromEntries(sources.map((one) => [one, {}])),
          configFilePaths: configFiles,
        },
        frameworks: {},
      },
    },
  });

  it("ask the sources that the SDK worked out, under the names that files give them", async () => {
    const root = temporaryFolder();
    layRepository(root);
    putInto(root, "a.csproj", "<Project />");
    putInto(
      root,
      "nuget.config",
      `<configuration><packageSources><add key="mine" value="https://mine.example/index.json" /><add key="other" value="https://other.example/index.json" /></packageSources></configuration>`,
    );
    const graph = asked(
      root,
      ["https://mine.example/index.json", "https://more.example/index.json"],
      [join(root, "nuget.config")],
    );
    const { dotnet, commands } = dotnetIn(root, graph);
    const target = { file: join(root, "a.csproj"), folder: root };
    const bounds = { repositoryRoot: root, registries: [] };
    const found = await readProjects({ dotnet, target, bounds, early: [], words: ["-p:Mine=1", "--force"] });
    expect([...found.settings.sources]).toEqual([
      ["mine", "https://mine.example/index.json"],
      ["https://more.example/index.json", "https://more.example/index.json"],
    ]);
    expect(found).toMatchObject({ dotnet, target, unbound: [] });
    expect(found.projects.map(({ file }) => file)).toEqual([join(root, "a.csproj")]);
    expect(existsSync(found.folder)).toBe(true);
    expect(commands[0]?.args).toContain("-p:Mine=1");
    expect(commands[0]?.args).not.toContain("--force");
  });

  it("are told what is said of them where they lie in a copy; one outside of it is nobody's", async () => {
    const [root, elsewhere] = [temporaryFolder(), temporaryFolder()];
    putInto(elsewhere, "a.csproj", "<Project />");
    const { dotnet } = dotnetIn(root, asked(elsewhere, [], ["/none/nuget.config"]));
    const settings = { files: [], sources: new Map([["gone", "/gone"]]), marker: "said" } as never;
    const target = { file: join(root, "a.csproj"), folder: root };
    const bounds = { repositoryRoot: root, registries: [] };
    const found = await readProjects({ dotnet, target, bounds, early: [], words: [], settings });
    expect(found.settings).toMatchObject({ marker: "said", sources: new Map() });
    expect(found.unbound.map(({ denial }) => denial.code)).toEqual(["FILE_DEPENDENCY"]);
  });

  it("read the user's own file where dotnet names its link in the private home", async () => {
    const root = temporaryFolder();
    putInto(root, "a.csproj", "<Project />");
    const { dotnet, home, inner } = dotnetIn(root);
    const path = ".nuget/NuGet/NuGet.Config";
    const config = (name: string) =>
      `<configuration><packageSources><add key="${name}" value="https://${name}.example/index.json" /></packageSources></configuration>`;
    putInto(inner, path, config("private"));
    const ask = async () => {
      const sources = ["https://users.example/index.json", "https://private.example/index.json"];
      const again = dotnetIn(root, asked(root, sources, [join(inner, path)]));
      const there = { ...again.dotnet, home: inner, host: { ...again.dotnet.host, env: dotnet.host.env } };
      const target = { file: join(root, "a.csproj"), folder: root };
      const bounds = { repositoryRoot: root, registries: [] };
      const found = await readProjects({ dotnet: there, target, bounds, early: [], words: [] });
      return [...found.settings.sources.keys()];
    };
    expect(await ask()).toEqual(["https://users.example/index.json", "private"]);
    putInto(home, path, config("users"));
    expect(await ask()).toEqual(["users", "https://private.example/index.json"]);
  });
});
