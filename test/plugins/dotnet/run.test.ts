import { dotnetFor, environment, forSdks, step, taskStep, surroundingsOf } from "../../../plugins/dotnet/run.ts";
import type { Command } from "../../../src/plugin.ts";
import { temporaryFolder } from "../../support/folder.ts";
import { testHost } from "../../support/npm-session.ts";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

interface Told {
  readonly code?: number;
  readonly env?: Readonly<Record<string, string>>;
  readonly sdks?: string | null;
  readonly said?: (words: string) => string;
  readonly words?: string;
}

function lay({ code = 0, env = {}, sdks = null, said, words = "" }: Told = {}) {
  const cwd = temporaryFolder();
  const notices: string[] = [];
  const commands: Command[] = [];
  const run = (one: Command) => {
    commands.push(one);
    if (one.log !== undefined) writeFileSync(one.log, words);
    return Promise.resolve(code);
  };
  const host = { ...testHost({ home: temporaryFolder(), env, notices }), run };
  const dotnet = { file: "/sdk/dotnet", cwd, host, sdks, home: cwd, ...(said === undefined ? {} : { said }) };
  return { dotnet, commands, notices };
}

describe("what every run of dotnet gets", () => {
  it("no packages folder and no home of the user's, and nothing that stays behind", async () => {
    const { dotnet } = lay({
      env: { NUGET_FALLBACK_PACKAGES: "/x", MSBUILDENABLEALLPROPERTYFUNCTIONS: "1", KEPT: "1" },
    });
    const env = await environment(dotnet, "/packages");
    expect(env).toMatchObject({
      NUGET_PACKAGES: "/packages",
      MSBUILDDISABLENUGETSDKRESOLVER: "1",
      MSBUILDDISABLENODEREUSE: "1",
      DOTNET_CLI_USE_MSBUILD_SERVER: "0",
      DOTNET_NOLOGO: "1",
      KEPT: "1",
    });
    for (const name of [
      "NUGET_FALLBACK_PACKAGES",
      "MSBUILDENABLEALLPROPERTYFUNCTIONS",
      "MSBuildSDKsPath",
      "NUGET_XMLDOC_MODE",
    ])
      expect(Object.keys(env)).not.toContain(name);
  });

  it("in a session what pays in so short a time, but where the user says otherwise", async () => {
    const { dotnet } = lay({ env: { DOTNET_TieredPGO: "1" } });
    const { env } = await surroundingsOf(dotnet);
    expect(env).toMatchObject({ DOTNET_TieredPGO: "1", DOTNET_gcConcurrent: "0", DOTNET_GCgen0size: "0x4000000" });
    expect(Object.keys(await environment(dotnet, "/p"))).not.toContain("DOTNET_gcConcurrent");
  });

  it("project SDKs that were proven, and no warning that their version is unknown", async () => {
    expect(await environment(lay({ sdks: "/proven" }).dotnet, "/p")).toMatchObject({ MSBuildSDKsPath: "/proven" });
    expect(forSdks(lay({ sdks: "/proven" }).dotnet)).toEqual(["-nowarn:MSB4241"]);
    expect(forSdks(lay().dotnet)).toEqual([]);
  });

  it.each([
    ["skip", "skip"],
    ["SKIP", "SKIP"],
    ["compress", "none"],
  ])("documentation as it lies in the package: %s", async (value, expected) => {
    const env = await environment(lay({ env: { NUGET_XMLDOC_MODE: value } }).dotnet, "/p");
    expect(env["NUGET_XMLDOC_MODE"]).toBe(expected);
  });
});

describe("one step", () => {
  it("is dotnet with these words, where the project is", async () => {
    const { dotnet, commands } = lay({ sdks: "/proven" });
    await step(dotnet, "restore", ["restore", "a.csproj"], "/packages");
    expect(commands).toMatchObject([
      {
        file: "/sdk/dotnet",
        args: ["restore", "a.csproj", "-nowarn:MSB4241"],
        cwd: dotnet.cwd,
        env: { NUGET_PACKAGES: "/packages" },
      },
    ]);
    expect(commands[0]).not.toHaveProperty("log");
  });

  it("that fails ends it", async () => {
    const { dotnet } = lay({ code: 1 });
    await expect(step(dotnet, "restore", [], "/p")).rejects.toMatchObject({ code: "DOTNET_FAILED" });
  });

  it("says what dotnet has said in the words that the user knows, also where it fails", async () => {
    const said = (words: string) => words.replace("/private", "/own");
    const fine = lay({ said, words: " /private is fine\n" });
    await step(fine.dotnet, "restore", [], "/p");
    expect(fine.notices).toEqual(["/own is fine"]);
    const bad = lay({ said, words: "/private fails", code: 1 });
    await expect(step(bad.dotnet, "restore", [], "/p")).rejects.toMatchObject({ code: "DOTNET_FAILED" });
    expect(bad.notices).toEqual(["/own fails"]);
    const quiet = lay({ said, words: " \n" });
    await step(quiet.dotnet, "restore", [], "/p");
    expect(quiet.notices).toEqual([]);
  });

  it("is a task with words of its own, or part of a session", async () => {
    const task = { file: "a.csproj", target: "Restore", properties: { A: "B" } } as const;
    const { dotnet, commands } = lay();
    await taskStep(dotnet, "restore", task, { words: ["-p:X=Y"], packages: "/p" });
    expect(commands[0]?.args).toEqual([
      "restore",
      "a.csproj",
      "-noAutoResponse",
      "-noAutoResponse",
      "-nologo",
      "-v:q",
      "-p:X=Y",
      "-p:A=B",
    ]);
    const steps: unknown[] = [];
    const session = { step: (...all: unknown[]) => Promise.resolve(void steps.push(all)) };
    await taskStep({ ...dotnet, session: session as never }, "restore", task, { words: [], packages: "/p" });
    expect(steps).toMatchObject([
      [
        { file: "/sdk/dotnet", cwd: dotnet.cwd, words: [], env: { NUGET_PACKAGES: join(dotnet.home, "none") } },
        "restore",
        task,
      ],
    ]);
    expect(commands).toHaveLength(1);
  });
});

it("without a dotnet outside of the project there is none", async () => {
  const host = testHost({ home: temporaryFolder(), env: { PATH: "" } });
  await expect(dotnetFor(temporaryFolder(), host)).rejects.toMatchObject({ kind: "installer" });
});
