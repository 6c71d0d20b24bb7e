import { findSdkReferences } from "../../../../plugins/dotnet/sdk/references.ts";
import type { Host } from "../../../../src/plugin.ts";
import { readBounded } from "../../../../src/io/files.ts";
import { temporaryFolder } from "../../../support/folder.ts";
import { writeFiles } from "../../../support/nuget/project.ts";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const hostWith = (env: Record<string, string> = {}) => ({ env, read: readBounded }) as unknown as Host;

describe("project SDKs in the text", () => {
  it.each<[string, Record<string, string>, readonly string[]]>([
    ["attributes", { "a.csproj": '<Project Sdk="Microsoft.NET.Sdk;Acme.Sdk/1.0.0" />' }, ["Acme.Sdk/1.0.0"]],
    [
      "elements",
      { "a.csproj": '<Project Sdk="Microsoft.NET.Sdk"><Sdk Name="Acme.Sdk" Version="2.0.0" /></Project>' },
      ["Acme.Sdk/2.0.0"],
    ],
    [
      "imports",
      { "a.csproj": '<Project><Import Project="x" Sdk="Acme.Sdk" Version="3.0.0" /></Project>' },
      ["Acme.Sdk/3.0.0"],
    ],
    [
      "global.json, with a comment",
      { "a.csproj": '<Project Sdk="Acme.Sdk" />', "global.json": '{\n// why\n"msbuild-sdks":{"acme.sdk":"4.0.0"}}' },
      ["Acme.Sdk/4.0.0"],
    ],
    [
      "what is imported by name from above",
      {
        "a.csproj": "<Project />",
        "Directory.Build.props": '<Project><Sdk Name="Acme.Sdk" Version="5.0.0" /></Project>',
      },
      ["Acme.Sdk/5.0.0"],
    ],
    [
      "what a project references",
      {
        "a.csproj": '<Project><ItemGroup><ProjectReference Include="..\\b\\b.csproj" /></ItemGroup></Project>',
        "../b/b.csproj": '<Project Sdk="Acme.Sdk/6.0.0" />',
      },
      ["Acme.Sdk/6.0.0"],
    ],
    [
      "what is imported literally",
      {
        "a.csproj": '<Project><Import Project="more.props" /></Project>',
        "more.props": '<Project Sdk="Acme.Sdk/7.0.0" />',
      },
      ["Acme.Sdk/7.0.0"],
    ],
    ["the SDK's own", { "a.csproj": '<Project Sdk="Microsoft.NET.Sdk.Web" />' }, []],
  ])("%s", async (_, files, expected) => {
    const folder = join(temporaryFolder(), "a");
    writeFiles(folder, files);
    const { references } = await findSdkReferences(join(folder, "a.csproj"), hostWith());
    expect(references.map(({ id, version }) => `${id}/${version}`)).toEqual(expected);
  });

  it.each(["a.sln", "a.slnx", "a.slnf"])("by way of %s", async (name) => {
    const folder = temporaryFolder();
    const texts: Record<string, string> = {
      "a.sln": 'Project("{9A19103F}") = "p", "p\\p.csproj", "{1}"\nEndProject\n',
      "a.slnx": '<Solution><Folder Name="/x/"><Project Path="p/p.csproj" /></Folder></Solution>',
      "a.slnf": '{"solution":{"path":"a.sln","projects":["p\\\\p.csproj"]}}',
    };
    writeFiles(folder, { [name]: texts[name] ?? "", "p/p.csproj": '<Project Sdk="Acme.Sdk/1.0.0" />' });
    const { references } = await findSdkReferences(join(folder, name), hostWith());
    expect(references).toMatchObject([{ id: "Acme.Sdk", version: "1.0.0" }]);
  });

  it("one SDK in two versions cannot be shown to MSBuild", async () => {
    const folder = temporaryFolder();
    writeFiles(folder, {
      "a.csproj": '<Project Sdk="Acme.Sdk/1.0.0"><Sdk Name="acme.sdk" Version="2.0.0" /></Project>',
    });
    const { unbound } = await findSdkReferences(join(folder, "a.csproj"), hostWith());
    expect(unbound.map(({ denial }) => denial.code)).toEqual(["LOCK_UNSUPPORTED", "LOCK_UNSUPPORTED"]);
  });
});
