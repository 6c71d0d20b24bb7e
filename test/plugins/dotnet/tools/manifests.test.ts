import { manifestsAbove, readToolManifest } from "../../../../plugins/dotnet/tools/manifests.ts";
import type { Host } from "../../../../src/plugin.ts";
import { describe, expect, it } from "vitest";

const SAY = { version: "2.1.4", commands: ["dotnetsay"] };
const manifest = (tools: unknown, more: object = {}) => ({ version: 1, isRoot: true, tools, ...more });

function read(content: unknown) {
  const text = typeof content === "string" ? content : JSON.stringify(content);
  return readToolManifest("/x/dotnet-tools.json", { read: async () => Buffer.from(text) } as unknown as Host);
}

describe("manifests from a folder upwards", () => {
  const above = async (isRoot: boolean) => {
    const files: Readonly<Record<string, object>> = {
      "/x/y/dotnet-tools.json": { version: 1, isRoot, tools: {} },
      "/x/.config/dotnet-tools.json": { version: 1, isRoot: true, tools: {} },
      "/dotnet-tools.json": { version: 1, tools: {} },
    };
    const host = { read: async (path: string) => (files[path] ? Buffer.from(JSON.stringify(files[path])) : null) };
    return (await manifestsAbove("/x/y", host as unknown as Host)).length;
  };

  it("end with the first that says it is the root", async () => {
    expect([await above(true), await above(false)]).toEqual([1, 2]);
  });
});

describe("dotnet-tools.json", () => {
  it.each<[string, unknown, readonly string[]]>([
    ["as dotnet writes it", manifest({ dotnetsay: { ...SAY, rollForward: false } }), ["dotnetsay/2.1.4"]],
    ["for an editor", manifest({ DotnetSay: SAY }, { $schema: "https://schema.example/x.json" }), ["dotnetsay/2.1.4"]],
    ["without a version of its own", { isRoot: true, tools: { dotnetsay: SAY } }, ["dotnetsay/2.1.4"]],
    ["with a mark in front", `\uFEFF${JSON.stringify(manifest({ dotnetsay: SAY }))}`, ["dotnetsay/2.1.4"]],
    ["without tools", { version: 1, isRoot: true }, []],
  ])("%s", async (_, content, keys) => {
    expect([...(await read(content)).wanted.keys()]).toEqual(keys);
  });

  it.each<[string, unknown]>([
    ["null", null],
    ["a list", []],
    ["a text", '"x"'],
    ["a tool that is null", manifest({ dotnetsay: null })],
    ["a tool that is a list", manifest({ dotnetsay: ["2.1.4"] })],
    ["tools that are null", manifest(null)],
    ["tools that are a list", manifest([SAY])],
    ["a version that is a number", manifest({ dotnetsay: { ...SAY, version: 2 } })],
    ["no version", manifest({ dotnetsay: { commands: ["x"] } })],
    ["a range", manifest({ dotnetsay: { ...SAY, version: "[2.1.4, )" } })],
    ["no commands", manifest({ dotnetsay: { version: "2.1.4" } })],
    ["an empty list of commands", manifest({ dotnetsay: { ...SAY, commands: [] } })],
    ["a member that dotnet never wrote", manifest({ dotnetsay: { ...SAY, source: "x" } })],
    ["a table that dotnet never wrote", manifest({ dotnetsay: SAY }, { Tools: {} })],
    ["the format to come", { ...manifest({ dotnetsay: SAY }), version: 2 }],
    ["a root that is a text", { ...manifest({ dotnetsay: SAY }), isRoot: "true" }],
    ["one tool under two spellings", manifest({ dotnetsay: SAY, DotnetSay: { ...SAY, version: "2.1.5" } })],
    ["no JSON", "{"],
  ])("%s is refused by name", async (_, content) => {
    await expect(read(content)).rejects.toMatchObject({ kind: "unbound", code: "TOOLS_INVALID" });
  });
});
