/** What a file says is read as MSBuild and .NET read it: white space, escapes, markup, encodings, the strings of a solution. */
import { requireQuiet } from "../../../../plugins/dotnet/reading/reading.ts";
import type { Host } from "../../../../src/plugin.ts";
import { readBounded } from "../../../../src/io/files.ts";
import { temporaryFolder } from "../../../support/folder.ts";
import { csproj, writeFiles } from "../../../support/nuget/project.ts";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

type Files = Readonly<Record<string, string>>;
type Case = [what: string, named: string, more: string, files?: Files];

const file = (body: string) => `<Project>${body}</Project>`;
const group = (body: string) => `<PropertyGroup>${body}</PropertyGroup>`;
const items = (body: string) => `<ItemGroup>${body}</ItemGroup>`;
const EXEC = '<Exec Command="evil" />';
const EVIL = file(`<Target Name="Evil" BeforeTargets="Restore">${EXEC}</Target>`);
const RUNS = "target Evil runs Exec";
const UNKNOWN = "names a file that only evaluation knows";
const PROPERTIES = "says properties";
const line = (path: string, name = "app") =>
  `Project("{9A19103F-16F7-4668-BE54-9A1E7A4F7556}") = "${name}", "${path}", "{1}"\nEndProject\n`;

async function refusal(
  files: Readonly<Record<string, string | Buffer>>,
  target = "app.csproj",
): Promise<string | null> {
  const folder = join(temporaryFolder(), "repository");
  for (const [path, content] of Object.entries(files)) {
    writeFiles(folder, { [path]: "" });
    writeFileSync(join(folder, path), content);
  }
  const host = { env: {}, read: readBounded } as unknown as Host;
  return requireQuiet({ file: join(folder, target), folder }, { root: folder }, host).then(
    () => null,
    (error: Error) => error.message.replaceAll(`${folder}/`, ""),
  );
}

describe.skipIf(process.platform === "win32")("a project is not read where it would have MSBuild", () => {
  it.each<Case>([
    [
      "hook by a name with white space of .NET's",
      RUNS,
      `<Target Name="Evil" BeforeTargets="Restore&#x85;">${EXEC}</Target>`,
    ],
    [
      "depend on a target whose name holds a separator",
      RUNS.replace("Evil", "x%3By"),
      `<Target Name="A" BeforeTargets="Restore" DependsOnTargets="x%3By" /><Target Name="x%3By">${EXEC}</Target>`,
    ],
    ["import a name with white space that .NET cuts off", RUNS, '<Import Project="x&#x85;" />', { x: EVIL }],
    ["import a name with white space that .NET keeps", RUNS, '<Import Project="x&#xFEFF;" />', { "x\uFEFF": EVIL }],
    ["import a name with a space that is escaped", RUNS, '<Import Project="%20x" />', { " x": EVIL }],
    ["import a name with a separator that is escaped", RUNS, '<Import Project="a%3Bb" />', { "a;b": EVIL }],
    [
      "import a name that is escaped once more",
      RUNS,
      `${group("<P>a%252eb</P>")}<Import Project="$(P)" />`,
      { "a%2eb": EVIL },
    ],
    [
      "import from a folder by the name of a control character",
      RUNS,
      '<Import Project="%01/x" />',
      { "\u0001/x": EVIL },
    ],
    ["import what is written as markup", UNKNOWN, `${group("<P><B>x</B></P>")}<Import Project="$(P)" />`],
    [
      "import what stands beside a CDATA section",
      UNKNOWN,
      `${group("<P>x<![CDATA[y]]></P>")}<Import Project="$(P)" />`,
    ],
    ["import the length of a value", UNKNOWN, `${group("<BeforeX>a</BeforeX>")}<Import Project="$(BeforeX.Length)" />`],
    ["import a file by a way that ends at itself", UNKNOWN, '<Import Project="$(X)/x/." />', { x: EVIL }],
    [
      "import a file of a folder that is named as one of ours",
      RUNS,
      '<Import Project="$(X)/x" />',
      { ".safe-install/x": EVIL },
    ],
    [
      "read projects that the SDK lists",
      UNKNOWN,
      items('<ProjectReference Include="@(EmbeddedResource)" />'),
      { "x.resx": EVIL },
    ],
    [
      "read projects that the SDK lists beside the project's own",
      UNKNOWN,
      items('<None Include="y" /><ProjectReference Include="@(None)" />'),
    ],
    [
      "read projects that the SDK lists for one platform, beside the project's own",
      UNKNOWN,
      items('<PRIResource Include="y" /><ProjectReference Include="@(PRIResource)" />'),
    ],
    [
      "read a project with properties that an item says",
      PROPERTIES,
      items(
        '<RestoreGraphProjectInputItems Include="app.csproj" AdditionalProperties="CustomBeforeMicrosoftCommonTargets=x" />',
      ),
    ],
    [
      "read a project with properties that every item says",
      PROPERTIES,
      "<ItemDefinitionGroup><_RestoreProjectPathItems><properties>X=x</properties></_RestoreProjectPathItems></ItemDefinitionGroup>",
    ],
    [
      "read a reference with a file of the SDK's by another name",
      "CustomBeforeMicrosoftCommonTargets is a property that an item says",
      items('<ProjectReference Include="b" AdditionalProperties="CustomBeforeMicrosoftCommonTargets=x" />'),
    ],
    [
      "read a reference with properties that only evaluation knows",
      "$(X) is a property that an item says",
      items('<ProjectReference Include="b" SetConfiguration="$(X)" />'),
    ],
    [
      "write its graph to a file of the project",
      "target A sets RestoreGraphOutputPath",
      `<Target Name="A" BeforeTargets="GenerateRestoreGraphFile">${group("<RestoreGraphOutputPath>x</RestoreGraphOutputPath>")}</Target>`,
    ],
    [
      "unpack to the user's packages",
      "target A sets _OutputPackagesPath",
      `<Target Name="A" AfterTargets="_GetRestoreSettings">${group("<_OutputPackagesPath>x</_OutputPackagesPath>")}</Target>`,
    ],
    ["restore what no project is", "_RestoreGraphEntry says", items('<_RestoreGraphEntry Include="x" />')],
  ])("%s", async (...[, named, more, files = {}]: Case) => {
    expect(await refusal({ "app.csproj": csproj({}, {}, more), ...files })).toContain(named);
  });

  it("import a file in UTF-32", async () => {
    const text = Buffer.from(`\uFEFF${EVIL}`, "utf16le");
    const wide = Buffer.concat([...text].map((byte, at) => (at % 2 === 0 ? Buffer.of(byte) : Buffer.of(byte, 0, 0))));
    const files = { "app.csproj": csproj({}, {}, '<Import Project="x" />'), x: wide };
    expect(await refusal(files)).toContain("cannot be read here");
  });

  it.each<[string, string, string | Buffer]>([
    ["in UTF-16", "all.sln", Buffer.from(`\uFEFF${line("a.csproj")}`, "utf16le")],
    ["with a name that holds a quote", "all.sln", line("a.csproj", 'a"b')],
    ["with a path that holds a quote", "all.sln", line('a"b.csproj')],
    ["with a path between white space", "all.sln", line("\u0085a.csproj ")],
    ["whose path has no ending", "all.sln", line("plain")],
    [
      "of a filter with escapes",
      "all.slnf",
      String.raw`{"solution":{"path":"all\u002esln","projects":["a\u002ecsproj"]}}`,
    ],
    [
      "of a filter with a quote elsewhere",
      "all.slnf",
      String.raw`{"x\"y":1,/*"*/"solution":{"path":"s","projects":["a.csproj"]}}`,
    ],
    ["under a root in lower case", "all.slnx", '<solution><Project Path="a.csproj" /></solution>'],
    ["under a path with white space", "all.slnx", '<Solution><Project Path=" a.csproj&#x85;" /></Solution>'],
  ])("read a project of a solution %s", async (_, target, content) => {
    const projects = { "a.csproj": EVIL, 'a"b.csproj': EVIL, plain: EVIL };
    expect(await refusal({ ...projects, [target]: content }, target)).toContain(RUNS);
  });
});

describe("an ordinary project is read:", () => {
  it.each<[string, string]>([
    ["a comment in a value", `${group("<P>x<!-- y --></P>")}<Import Project="$(P)" />`],
    ["a value that is one CDATA section", `${group("<P><![CDATA[x]]></P>")}<Import Project="$(P)" />`],
    ["markup in a value that names no file", group("<P><B>x</B></P>")],
    ["properties of a reference", items('<ProjectReference Include="x" AdditionalProperties="A=b" />')],
    ["projects of an item of its own", items('<L Include="x" /><ProjectReference Include="@(L)" />')],
  ])("%s", async (_, more) => {
    expect(await refusal({ "app.csproj": csproj({}, {}, more), x: file("") })).toBeNull();
  });
});
