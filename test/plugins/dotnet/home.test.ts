/** The home of dotnet's runs: what the user has there is seen, and means the same. */
import { inHome, makeHome } from "../../../plugins/dotnet/home.ts";
import { expand } from "../../../plugins/dotnet/feed/config-files.ts";
import type { Host } from "../../../src/plugin.ts";
import { temporaryFolder } from "../../support/folder.ts";
import { dotnetEnvironment, hasDotnet, writeFiles } from "../../support/nuget/project.ts";
import { execa } from "execa";
import { mkdirSync, readdirSync, readFileSync, readlinkSync, realpathSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";

let folder: string;
let users: string;

beforeEach(() => {
  folder = realpathSync(temporaryFolder());
  users = join(folder, "user");
  mkdirSync(users);
});

async function made(files: Readonly<Record<string, string>>): Promise<string> {
  writeFiles(users, files);
  const temporary = async (name: string) => {
    mkdirSync(join(folder, name));
    return join(folder, name);
  };
  return makeHome({ env: { HOME: users, FEED: "../by-variable" }, temporary } as unknown as Host);
}

const SETTINGS = ".nuget/NuGet/NuGet.Config";
const settings = (...sources: readonly (readonly [string, string])[]) =>
  `<configuration><packageSources>${sources.map(([key, value]) => `<add key="${key}" value="${value}" />`).join("")}</packageSources></configuration>`;
const RELATIVE = settings(
  ["beside", "feed"],
  ["above", "../../feed &amp; more"],
  ["variable", "%FEED%/x"],
  ["absolute", "/feeds/one"],
  ["url", "https://feed.example/index.json"],
  ["file", "file:///feeds/two"],
);

describe("a source that the user's NuGet.Config names relative to itself", () => {
  it("means the same folder from the run's home", async () => {
    const home = await made({ [SETTINGS]: RELATIVE, ".nuget/NuGet/other.config": "x" });
    const text = readFileSync(join(home, SETTINGS), "utf8");
    const values = [...text.matchAll(/ value="([^"]*)"/g)].map(([, value = ""]) => expand(value, { FEED: "../f" }));
    const at = join(users, ".nuget", "NuGet");
    expect(values).toEqual([
      join(at, "feed"),
      join(users, "feed &amp; more"),
      `${at}/../f/x`,
      "/feeds/one",
      "https://feed.example/index.json",
      "file:///feeds/two",
    ]);
    expect(readFileSync(join(home, ".nuget/NuGet/other.config"), "utf8")).toBe("x");
    expect(readFileSync(join(users, SETTINGS), "utf8")).toBe(RELATIVE);
  });

  it.skipIf(!hasDotnet || process.platform === "win32")("is the one that plain dotnet has", async () => {
    const home = await made({ [SETTINGS]: RELATIVE });
    const list = async (more: Readonly<Record<string, string | undefined>>) => {
      const env = { ...dotnetEnvironment(users), FEED: "../by-variable", DOTNET_CLI_UI_LANGUAGE: "en", ...more };
      const args = ["nuget", "list", "source", "--format", "detailed"];
      const { stdout } = await execa("dotnet", args, { cwd: folder, env, extendEnv: false });
      return [...stdout.matchAll(/^ *\d+\. +(\w+) \[Enabled\]\s+(.+)$/gm)].map(([, name, value]) => [name, value]);
    };
    const theirs = await list({});
    expect(theirs).toHaveLength(6);
    expect(await list(inHome(home))).toEqual(theirs);
  });
});

describe("a home of a run", () => {
  it("is the user's settings by a link where they name no such source", async () => {
    const home = await made({
      [SETTINGS]: settings(["url", "https://feed.example/index.json"]),
      ".nuget/plugins/x": "",
    });
    expect(readlinkSync(join(home, ".nuget", "NuGet"))).toBe(join(users, ".nuget", "NuGet"));
    expect(readlinkSync(join(home, ".nuget", "plugins"))).toBe(join(users, ".nuget", "plugins"));
  });

  it("is the run's own where the user has no settings: what dotnet makes is not made in the user's folder", async () => {
    const home = await made({ ".nuget/NuGet/nugetorgadd.trk": "x" });
    writeFileSync(join(home, SETTINGS), "x");
    expect(readdirSync(join(users, ".nuget", "NuGet"))).toEqual(["nugetorgadd.trk"]);
    expect(readdirSync(join(home, ".nuget", "NuGet"))).toEqual(["NuGet.Config", "nugetorgadd.trk"]);
  });

  it("has none of the tools that dotnet found before, and none of what extends MSBuild for every project", async () => {
    const home = await made({
      ".dotnet/toolResolverCache/1/evil": "[]",
      ".local/share/Microsoft/MSBuild/Current/Microsoft.Common.targets/ImportAfter/evil.targets": "<Project />",
      ".local/share/NuGet/http-cache/x": "",
      ".local/share/other/x": "",
    });
    expect(readdirSync(home).toSorted()).toEqual([".nuget", "d", "t"]);
    expect(readdirSync(join(home, "d")).toSorted()).toEqual(["Microsoft", "NuGet", "other"]);
    expect(readdirSync(join(home, "d", "Microsoft"))).toEqual([]);
    expect(readdirSync(join(home, "d", "NuGet"))).toEqual(["Migrations"]);
  });
});
