import { ridChain, runtimeWords } from "../../../plugins/dotnet/platform.ts";
import type { Command } from "../../../src/plugin.ts";
import { putInto, temporaryFolder } from "../../support/folder.ts";
import { testHost } from "../../support/npm-session.ts";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

interface Told {
  readonly version?: string;
  readonly code?: number;
  readonly chain?: string | null;
}

/** An SDK that says that it is of this version, and has this chain. */
function sdk({ version = "8.0.100\n", code = 0, chain = "linux-x64 linux\nunix any\n" }: Told = {}) {
  const root = temporaryFolder();
  if (chain !== null) putInto(root, "sdk/8.0.100/NETCoreSdkRuntimeIdentifierChain.txt", chain);
  const commands: Command[] = [];
  const run = (one: Command) => {
    commands.push(one);
    if (one.log !== undefined) writeFileSync(one.log, version);
    return Promise.resolve(code);
  };
  const host = { ...testHost({ home: temporaryFolder() }), run };
  const dotnet = { file: join(root, "dotnet"), cwd: root, host, sdks: null, home: join(root, "home") };
  return { dotnet, commands };
}

describe("the platform of a machine", () => {
  it("is what the SDK has written beside itself, the nearest first", async () => {
    const { dotnet, commands } = sdk();
    expect(await ridChain(dotnet)).toEqual(["linux-x64", "linux", "unix", "any"]);
    expect(commands).toMatchObject([{ file: dotnet.file, args: ["--version"], cwd: dotnet.cwd }]);
    expect(commands[0]?.env["NUGET_PACKAGES"]).toBe(join(dotnet.home, "none"));
  });

  it.each([{ code: 1 }, { version: "\n" }, { version: "9.0.100" }, { chain: null }])(
    "%j: nobody says it",
    async (part) => {
      await expect(ridChain(sdk(part).dotnet)).rejects.toMatchObject({
        kind: "unavailable",
        code: "DOTNET_FAILED",
        hint: expect.stringContaining("--runtime") as string,
      });
    },
  );
});

describe("the words of a platform", () => {
  it.each([
    [{ arch: "arm64" }, "linux-arm64"],
    [{ arch: "amd64" }, "linux-x64"],
    [{ os: "osx" }, "osx-x64"],
    [{ os: "win", arch: "x86" }, "win-x86"],
  ])("%j", async (platform, rid) => {
    expect(await runtimeWords(sdk().dotnet, platform)).toEqual([`-p:RuntimeIdentifier=${rid}`]);
  });

  it("are of the last dash, whatever a system is called", async () => {
    expect(await runtimeWords(sdk({ chain: "linux-musl-x64 any" }).dotnet, { arch: "arm" })).toEqual([
      "-p:RuntimeIdentifier=linux-musl-arm",
    ]);
  });

  it("are none where none was said, and nothing is asked for them", async () => {
    const { dotnet, commands } = sdk();
    expect(await runtimeWords(dotnet, {})).toEqual([]);
    expect(commands).toEqual([]);
  });
});
