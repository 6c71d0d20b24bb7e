import { toolStages } from "../../../../plugins/dotnet/tools/tools.ts";
import type { Command, Handoff, Proven } from "../../../../src/plugin.ts";
import { putInto, temporaryFolder } from "../../../support/folder.ts";
import { testHost } from "../../../support/npm-session.ts";
import { makePackage } from "../../../support/nuget.ts";
import { layRepository } from "../../../support/repository.ts";
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, it } from "vitest";

const CONFIG = "<configuration><packageSources><clear /></packageSources></configuration>";
const SETTINGS =
  '<DotNetCliTool Version="2"><RuntimeIdentifierPackages><RuntimeIdentifierPackage RuntimeIdentifier="linux-x64" Id="Say.linux" /></RuntimeIdentifierPackages></DotNetCliTool>';
const TOOL = makePackage({
  id: "Say",
  version: "1.0.0",
  files: { "tools/net8.0/any/DotnetToolSettings.xml": SETTINGS },
});
const PLATFORM = makePackage({ id: "Say.linux", version: "1.0.0" });
const bytesOf = (bytes: Buffer) => ({
  digests: [{ algorithm: "sha512" as const, hex: createHash("sha512").update(bytes).digest("hex") }],
  read: () => Promise.resolve(bytes),
});

/** `dotnet tool restore` with an SDK of linux-x64 that unpacks what it finds in the feed. */
function begin(unpacked: (folder: string) => void = () => {}) {
  const [root, sdk, home] = [temporaryFolder(), temporaryFolder(), temporaryFolder()];
  layRepository(root);
  const manifest = { version: 1, isRoot: true, tools: { say: { version: "1.0.0", commands: ["say"] } } };
  putInto(root, ".config/dotnet-tools.json", manifest);
  putInto(root, "nuget.config", CONFIG);
  putInto(sdk, "dotnet", "", 0o755);
  putInto(sdk, "sdk/8.0.1/NETCoreSdkRuntimeIdentifierChain.txt", "linux-x64\nlinux\nany\n");
  const commands: Command[] = [];
  const run = (one: Command) => {
    commands.push(one);
    if (one.args[0] === "--version") writeFileSync(one.log!, "8.0.1\n");
    else unpacked(one.env["NUGET_PACKAGES"]!);
    return Promise.resolve(0);
  };
  const host = { ...testHost({ home, env: { HOME: home, PATH: sdk } }), run };
  const request = { purpose: "install" as const, args: ["tool", "restore"], cwd: root };
  const project = { request, folder: root, root, name: join(root, "dotnet-tools.json"), found: [], replaces: [] };
  return { stages: toolStages(project, { repositoryRoot: root, registries: [] }, host), commands, root };
}

async function handOff(unpacked?: (folder: string) => void) {
  const { stages, commands, root } = begin(unpacked);
  const first = await stages.next([]);
  if (first.done === true) throw new Error("no part");
  const tools = first.value.artifacts.map((artifact): Proven => ({ artifact, bytes: bytesOf(TOOL) }));
  const second = await stages.next(tools);
  if (second.done === true) throw new Error("no second part");
  const platform = second.value.artifacts.map((artifact): Proven => ({ artifact, bytes: bytesOf(PLATFORM) }));
  const end = await stages.next(platform);
  if (end.done !== true || end.value === null) throw new Error("no hand-off");
  const handoff: Handoff = end.value;
  return { first: first.value, second: second.value, handoff, commands, root };
}

const unpack = (id: string, bytes: Buffer) => (folder: string) => {
  const place = join(folder, id.toLowerCase(), "1.0.0");
  mkdirSync(place, { recursive: true });
  writeFileSync(join(place, `${id.toLowerCase()}.1.0.0.nupkg`), bytes);
};

it("what a manifest names is proven, then what it names for this platform, and both are what dotnet gets", async () => {
  const { first, second, handoff, commands, root } = await handOff();
  expect(first).toMatchObject({ opens: true, lockfile: null });
  expect(first.artifacts.map(({ package: { name, version } }) => [name, version])).toEqual([["say", "1.0.0"]]);
  expect(second.artifacts.map(({ package: { name, version } }) => [name, version])).toEqual([["Say.linux", "1.0.0"]]);
  expect(second.opens).toBe(false);
  expect(handoff).toMatchObject({ root, name: join(root, "dotnet-tools.json"), found: [] });
  expect(handoff.replaces.map(({ path }) => path)).toEqual([expect.stringContaining(".safe-install-tools")]);
  await handoff.prepare();
  expect(await handoff.install()).toBe(0);
  const asked = commands.at(-1)!;
  const config = asked.args[asked.args.indexOf("--configfile") + 1]!;
  expect(asked.args).toEqual(["tool", "restore", "--configfile", config, "--no-http-cache"]);
  expect(readdirSync(join(dirname(config), "packages")).toSorted()).toEqual([
    "say.1.0.0.nupkg",
    "say.linux.1.0.0.nupkg",
  ]);
  expect(readFileSync(config, "utf8")).not.toContain("http");
  expect(asked.env["NUGET_PACKAGES"]).toContain(".safe-install-tools");
  await handoff.compare();
});

it("what dotnet took from elsewhere is no success", async () => {
  for (const [id, bytes] of [
    ["Say", PLATFORM],
    ["Other", TOOL],
  ] as const) {
    const { handoff } = await handOff(unpack(id, bytes));
    await handoff.prepare();
    await handoff.install();
    await expect(handoff.compare()).rejects.toMatchObject({ kind: "unbound", code: "INSTALLED_MISMATCH" });
  }
});
