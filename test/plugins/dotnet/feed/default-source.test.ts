/** A home without NuGet.Config: the source that the client would take there. */
import { settingsFor } from "../../../../plugins/dotnet/feed/default-source.ts";
import { readBounded } from "../../../../src/io/files.ts";
import type { Host } from "../../../../src/plugin.ts";
import { temporaryFolder } from "../../../support/folder.ts";
import { dotnetEnvironment, hasDotnet, nugetConfig, plainDotnet, writeFiles } from "../../../support/nuget/project.ts";
import { execa } from "execa";
import { mkdtempSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

/** @returns the addresses, how often a program was started, and what lies in the home afterwards */
async function read(files: Readonly<Record<string, string>>) {
  const folder = temporaryFolder();
  const [project, home] = [join(folder, "app"), join(folder, "home")];
  writeFiles(folder, { "app/.git/HEAD": "", "home/.keep": "", ...files });
  let started = 0;
  const host = {
    env: dotnetEnvironment(home),
    read: readBounded,
    temporary: async (name: string) => mkdtempSync(join(folder, name)),
    async run({ file, args, cwd, env, log }: Parameters<Host["run"]>[0]) {
      started += 1;
      const { exitCode, stdout } = await execa(file, args, { cwd, env, extendEnv: false, reject: false });
      writeFileSync(log ?? "", stdout);
      return exitCode ?? -1;
    },
  } as unknown as Host;
  const { sources } = await settingsFor(project, { repositoryRoot: project, registries: [] }, host);
  return { sources: [...sources.values()], started, left: readdirSync(home) };
}

describe.skipIf(!hasDotnet || process.platform === "win32")("where the user has no NuGet.Config", () => {
  it("the client's own source counts, and nothing is written in the home", async () => {
    const home = join(temporaryFolder(), "home");
    const { stdout } = await plainDotnet(["nuget", "list", "source", "--format", "Short"], {
      cwd: temporaryFolder(),
      home,
    });
    const theirs = [...stdout.matchAll(/^E (\S+)$/gm)].map(([, address]) => address);
    expect(theirs).toHaveLength(1);
    expect(await read({})).toEqual({ sources: theirs, started: 1, left: [".keep"] });
    const own = nugetConfig({ own: "https://feed.example/index.json" }).replace("<clear />", "");
    const both = await read({ "app/nuget.config": own });
    expect(both.sources).toEqual([...theirs, "https://feed.example/index.json"]);
  });

  it("and nearer settings forget it, or the user has some: nobody is asked", async () => {
    const cleared = await read({ "app/nuget.config": nugetConfig({ own: "https://feed.example/index.json" }) });
    expect(cleared).toMatchObject({ sources: ["https://feed.example/index.json"], started: 0 });
    expect(await read({ "home/.nuget/NuGet/NuGet.Config": nugetConfig({}) })).toMatchObject({
      sources: [],
      started: 0,
    });
  });
});
