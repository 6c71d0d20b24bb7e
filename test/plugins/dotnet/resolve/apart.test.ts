import { readApart } from "../../../../plugins/dotnet/resolve/apart.ts";
import type { NuGetSettings } from "../../../../plugins/dotnet/feed/settings.ts";
import { requireReadable } from "../../../../plugins/dotnet/reading/reading.ts";
import { putInto, temporaryFolder } from "../../../support/folder.ts";
import { testHost } from "../../../support/npm-session.ts";
import { layRepository } from "../../../support/repository.ts";
import { existsSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const HOOK = '<Target Name="Hook" BeforeTargets="Restore"><Exec Command="git status" /></Target>';
const project = (body: string) =>
  `<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><TargetFramework>net8.0</TargetFramework></PropertyGroup>${body}</Project>`;

interface Told {
  readonly files?: Readonly<Record<string, string>>;
  readonly links?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

async function apart({ files = {}, links = {}, cwd = "app" }: Told = {}) {
  const [root, sdk, home] = [temporaryFolder(), temporaryFolder(), temporaryFolder()];
  layRepository(root);
  const all = {
    "app/App.csproj": project(HOOK),
    "app/Program.cs": "code",
    "nuget.config": "<configuration />",
    ...files,
  };
  for (const [path, content] of Object.entries(all)) putInto(root, path, content);
  for (const [path, target] of Object.entries(links)) symlinkSync(target, join(root, path));
  putInto(sdk, "dotnet", "", 0o755);
  const host = testHost({ home, env: { HOME: home, PATH: sdk, KEPT: "1" } });
  const bounds = { repositoryRoot: root, registries: [] };
  const target = { file: join(root, "app/App.csproj"), folder: join(root, "app") };
  const settings: NuGetSettings = {
    files: [join(root, "nuget.config")],
    sources: new Map([
      ["feed", "https://feed.example/index.json"],
      ["local", join(root, "packages")],
    ]),
    insecure: new Set(),
    credentials: new Map([["feed", { username: "bob", password: "s3cret" }]]),
    mapping: new Map(),
    config: new Map(),
    globalPackagesFolder: join(home, "packages"),
  };
  const dotnet = { file: join(sdk, "dotnet"), cwd: join(root, cwd), host, sdks: null, home };
  const left = await requireReadable(target, { root }, host);
  expect(left.targets.map(({ tasks }) => tasks)).toEqual([["Exec"]]);
  const asked = { dotnet, target, bounds, settings, words: [], sdks: [] };
  return { read: () => readApart(asked, left), left, root, settings, target };
}

describe("projects whose targets run are read in a copy", () => {
  it("in which these targets do nothing, under the settings of the place that they lie in", async () => {
    const { read, root, settings } = await apart();
    const found = await read();
    const top = found.bounds.repositoryRoot;
    expect(found.target).toEqual({ file: join(top, "app/App.csproj"), folder: join(top, "app") });
    const text = readFileSync(found.target.file, "utf8");
    expect(text).toContain('<Target Name="Hook" BeforeTargets="Restore" />');
    expect(text).not.toContain("Exec");
    expect(readFileSync(join(root, "app/App.csproj"), "utf8")).toContain("Exec");
    expect(existsSync(join(top, "app/Program.cs"))).toBe(true);
    const config = readFileSync(join(top, "NuGet.config"), "utf8");
    expect(config).toContain("https://feed.example/index.json");
    expect(config).not.toContain("s3cret");
    expect(found.dotnet.cwd).toBe(join(top, "app"));
    expect(Object.values(found.dotnet.host.env)).toContain("s3cret");
    expect(found.dotnet.host.env).toMatchObject({ KEPT: "1" });
    expect(found.dotnet.said?.(`error in ${top}/app/App.csproj`)).toBe(`error in ${root}/app/App.csproj`);
    expect(found.settings).toBe(settings);
  });

  it("and whatever is found there is told as it lies in the repository", async () => {
    const { read, root } = await apart();
    const found = await read();
    const top = found.bounds.repositoryRoot;
    const one = { file: join(top, "app/App.csproj"), output: join(top, "app/obj"), lock: "/elsewhere/lock.json" };
    expect(found.inPlace(one as never)).toEqual({
      file: join(root, "app/App.csproj"),
      output: join(root, "app/obj"),
      lock: "/elsewhere/lock.json",
    });
    const sources = new Map([
      [join(top, "packages"), join(top, "packages")],
      ["feed", "https://feed.example/index.json"],
    ]);
    expect([...found.sourcesInPlace({ sources } as never).sources]).toEqual([
      [join(root, "packages"), join(root, "packages")],
      ["feed", "https://feed.example/index.json"],
    ]);
    const named = found.named({
      wanted: new Map([["a/1", { locations: ["net8.0", join(top, "app/App.csproj")], stated: [] } as never]]),
      unbound: [{ location: `${top}/a, ${top}/b` } as never],
      notGated: [{ name: "x" } as never],
    });
    expect([...named.wanted]).toEqual([["a/1", { locations: ["net8.0", join(root, "app/App.csproj")], stated: [] }]]);
    expect(named.unbound).toEqual([{ location: `${root}/a, ${root}/b` }]);
    expect(named.notGated).toEqual([{ name: "x" }]);
  });

  it("from the top of it where the command was typed outside", async () => {
    const { read } = await apart({ cwd: ".." });
    const found = await read();
    expect(found.dotnet.cwd).toBe(found.bounds.repositoryRoot);
  });

  it("files that a copy passes by with their folder come along, where the project reads them", async () => {
    const { read } = await apart({
      files: {
        "app/App.csproj": project(`<Import Project="obj/own.targets" />${HOOK}`),
        "app/obj/own.targets": "<Project />",
        "app/obj/other.targets": "<Project />",
      },
    });
    const { bounds } = await read();
    expect(existsSync(join(bounds.repositoryRoot, "app/obj/own.targets"))).toBe(true);
    expect(existsSync(join(bounds.repositoryRoot, "app/obj/other.targets"))).toBe(false);
  });

  it("a target in a file that is imported is left out there", async () => {
    const { read } = await apart({
      files: {
        "app/App.csproj": project('<Import Project="../hook.targets" />'),
        "hook.targets": `<Project>${HOOK}</Project>`,
      },
    });
    const { bounds } = await read();
    expect(readFileSync(join(bounds.repositoryRoot, "hook.targets"), "utf8")).not.toContain("Exec");
  });
});
