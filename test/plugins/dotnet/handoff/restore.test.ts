import { restoreClosed } from "../../../../plugins/dotnet/handoff/restore.ts";
import type { Dotnet } from "../../../../plugins/dotnet/run.ts";
import type { Command } from "../../../../src/plugin.ts";
import { temporaryFolder } from "../../../support/folder.ts";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

async function restored(words: readonly string[], lockedMode: boolean, code = 1) {
  const folder = temporaryFolder();
  const said: string[] = [];
  const started: Command[] = [];
  const host = {
    env: {},
    notice: (text: string) => said.push(text),
    run: async (command: Command) => (started.push(command), code),
  };
  const dotnet = { file: "dotnet", cwd: folder, home: folder, sdks: null, host } as unknown as Dotnet;
  const target = { file: join(folder, "app.csproj"), folder };
  const feed = { config: join(folder, "NuGet.config"), folder: join(folder, "feed") };
  const exit = await restoreClosed({ dotnet, target, words, lockedMode }, feed, join(folder, "packages"), folder);
  return { exit, said, args: started[0]?.args ?? [], folder };
}

describe("the restore of a hand-off", () => {
  it("reads settings, sources and packages of ours alone, whatever the words say before", async () => {
    const { args, folder, exit, said } = await restored(["-p:A=B"], false, 0);
    expect({ exit, said }).toEqual({ exit: 0, said: [] });
    expect(args).toEqual(
      expect.arrayContaining([
        `-p:RestoreSources=${join(folder, "feed")}`,
        `-p:RestoreConfigFile=${join(folder, "NuGet.config")}`,
        `-p:RestorePackagesPath=${join(folder, "packages")}`,
        "-p:RestoreForce=true",
        "-p:RestoreForceEvaluate=false",
        "-p:RestoreIgnoreFailedSources=false",
      ]),
    );
    expect(args.indexOf("-p:A=B")).toBeLessThan(args.findIndex((one) => one.startsWith("-p:RestoreSources=")));
    expect(args).not.toContain("-p:RestoreLockedMode=true");
  });

  it("that fails by a lock: the words that write it anew, with the platform that it lacks", async () => {
    expect((await restored([], true)).said[0]).toContain("safe-install dotnet restore --force-evaluate writes");
    const { args, said } = await restored(["-p:RuntimeIdentifier=linux-arm64"], true);
    expect(args).toContain("-p:RestoreLockedMode=true");
    expect(said[0]).toContain("safe-install dotnet restore -r linux-arm64 --force-evaluate writes");
    expect((await restored([], false)).said).toEqual([]);
    expect((await restored([], true, 0)).said).toEqual([]);
  });
});
