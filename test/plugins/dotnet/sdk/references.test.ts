import { findSdkReferences } from "../../../../plugins/dotnet/sdk/references.ts";
import type { Host } from "../../../../src/plugin.ts";
import { readBounded } from "../../../../src/io/files.ts";
import { temporaryFolder } from "../../../support/folder.ts";
import { writeFiles } from "../../../support/nuget/project.ts";
import { writeFileSync } from "node:fs";
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

  const SDK = '<Project Sdk="Acme.Sdk/1.0.0" />';
  const inUtf16 = (text: string) => Buffer.from(`\uFEFF${text}`, "utf16le");
  it.each([
    ["UTF-16", inUtf16(SDK)],
    ["UTF-16, big-endian", inUtf16(SDK).swap16()],
    ["UTF-16, as it says", inUtf16(`<?xml version="1.0" encoding="utf-16"?>${SDK}`)],
    [
      "1,000 elements deep",
      Buffer.from(
        `<Project>${"<a>".repeat(1000)}<Sdk Name="Acme.Sdk" Version="1.0.0" />${"</a>".repeat(1000)}</Project>`,
      ),
    ],
  ])("in %s are found", async (_, content) => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "a.csproj"), content);
    const { references } = await findSdkReferences(join(folder, "a.csproj"), hostWith());
    expect(references).toMatchObject([{ id: "Acme.Sdk", version: "1.0.0" }]);
  });

  it.each([
    ["behind a DTD", '<!DOCTYPE Project [<!ENTITY s "Acme.Sdk/1.0.0">]><Project Sdk="&s;" />'],
    ["by a DTD alone", '<!DOCTYPE Project [<!ATTLIST Project Sdk CDATA "Acme.Sdk/1.0.0">]><Project />'],
    [
      "20,000 elements deep",
      `<Project>${"<a>".repeat(20_000)}<Sdk Name="A" Version="1" />${"</a>".repeat(20_000)}</Project>`,
    ],
    ["in UTF-7", '<?xml version="1.0" encoding="utf-7"?><Project />'],
    ["in UTF-16 without a mark", Buffer.from(SDK, "utf16le").toString("latin1")],
  ])("%s are denied by name", async (_, text) => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "a.csproj"), text, "latin1");
    const { references, unbound } = await findSdkReferences(join(folder, "a.csproj"), hostWith());
    expect({ references, codes: unbound.map(({ denial }) => denial.code) }).toEqual({
      references: [],
      codes: ["LOCK_UNSUPPORTED"],
    });
    expect(unbound[0]?.denial.message).toContain("a.csproj");
  });

  it("a global.json that may name versions and cannot be read is denied by name", async () => {
    const folder = temporaryFolder();
    writeFiles(folder, {
      "a.csproj": '<Project Sdk="Acme.Sdk" />',
      "global.json": '{/* x */"msbuild-sdks":{"Acme.Sdk":"1.0.0"}}',
    });
    const { unbound } = await findSdkReferences(join(folder, "a.csproj"), hostWith());
    expect(unbound.map(({ denial }) => denial.code)).toEqual(["LOCK_UNSUPPORTED"]);
  });
});
