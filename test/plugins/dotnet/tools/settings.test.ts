import { platformPackages } from "../../../../plugins/dotnet/tools/settings.ts";
import type { Proven } from "../../../../src/plugin.ts";
import { makePackage } from "../../../support/nuget/package.ts";
import { expect, it } from "vitest";

const offering = (...rids: readonly string[]) =>
  `<DotNetCliTool Version="2"><RuntimeIdentifierPackages>${rids
    .map((rid) => `<RuntimeIdentifierPackage RuntimeIdentifier="${rid}" Id="Say.${rid}" />`)
    .join("")}</RuntimeIdentifierPackages></DotNetCliTool>`;

async function wantedOf(files: Readonly<Record<string, string>>, own: readonly string[] = ["linux-x64", "linux"]) {
  const bytes = makePackage({ id: "Say", version: "1.0.0", files });
  const tool = {
    artifact: { package: { name: "Say", version: "1.0.0" }, locations: ["dotnet-tools.json"] },
    bytes: { read: async () => bytes },
  } as unknown as Proven;
  let asked = 0;
  const rids = async () => (asked++, own);
  const { wanted } = await platformPackages([tool], rids);
  return { wanted: [...wanted.values()].map((one) => one.package.name), asked };
}

it("the nearest platform that a tool offers is fetched after it", async () => {
  const files = { "tools/net8.0/any/DotnetToolSettings.xml": offering("win-x64", "linux", "linux-x64") };
  expect(await wantedOf(files)).toEqual({ wanted: ["Say.linux-x64"], asked: 1 });
  expect(await wantedOf(files, ["linux-musl-x64", "linux"])).toEqual({ wanted: ["Say.linux"], asked: 1 });
});

it("nothing is asked of the SDK for a tool that is the same everywhere", async () => {
  const files = { "tools/net8.0/any/DotnetToolSettings.xml": '<DotNetCliTool Version="1" />' };
  expect(await wantedOf(files)).toEqual({ wanted: [], asked: 0 });
  expect(await wantedOf({ "tools/DotnetToolSettings.xml": offering("linux-x64") })).toEqual({ wanted: [], asked: 0 });
});
