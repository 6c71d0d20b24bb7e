import { classify, readIntent } from "../../../plugins/dotnet/args.ts";
import { compareAssets, parseAssets } from "../../../plugins/dotnet/resolve/assets.ts";
import { feedsFor } from "../../../plugins/dotnet/feed/feed.ts";
import { exactly } from "../../../plugins/dotnet/resolve/graph.ts";
import { join as joinResolutions, readLock } from "../../../plugins/dotnet/resolve/lock.ts";
import { normalVersion, refOf } from "../../../plugins/dotnet/names.ts";
import { readIdentity } from "../../../plugins/dotnet/bytes/package.ts";
import { findSdkReferences } from "../../../plugins/dotnet/sdk/references.ts";
import { readSettings } from "../../../plugins/dotnet/feed/settings.ts";
import { parseWritten } from "../../../plugins/dotnet/resolve/graph.ts";
import { XmlFault } from "../../../plugins/dotnet/xml.ts";
import { ZipFault } from "../../../plugins/dotnet/zip.ts";
import type { Host } from "../../../src/plugin.ts";
import { readBounded } from "../../../src/io/files.ts";
import { temporaryFolder } from "../../support/folder.ts";
import { makePackage } from "../../support/nuget/package.ts";
import { makeZip } from "../../support/nuget/zip.ts";
import { writeFiles } from "../../support/nuget/project.ts";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const HASH = Buffer.alloc(64, 1).toString("base64");
const OTHER = Buffer.alloc(64, 2).toString("base64");
const hostWith = (env: Record<string, string> = {}) => ({ env, read: readBounded }) as unknown as Host;

describe("versions and ids", () => {
  it.each([
    ["1", "1.0.0"],
    ["1.0", "1.0.0"],
    ["1.0.0.0", "1.0.0"],
    ["1.2.3.4", "1.2.3.4"],
    ["01.002.3", "1.2.3"],
    ["1.0.0-Beta.1", "1.0.0-Beta.1"],
    ["1.0.0+build.5", "1.0.0"],
    ["1.0.0-rc+x", "1.0.0-rc"],
  ])("%s is %s", (text, normal) => expect(normalVersion(text)).toBe(normal));

  it.each(["", "x", "1.*", "[1.0]", "1.0.0-", "1..0", "1.0.0.0.0", "-1.0", "1.0 0"])("%j is none", (text) =>
    expect(normalVersion(text)).toBeNull(),
  );

  it.each(["", "../x", "a/b", "a b", "a\u0130", ".a", "x".repeat(101)])("no id: %j", (id) =>
    expect(refOf(id, "1.0.0")).toBeNull(),
  );

  it("the purl keeps the id's spelling", () => {
    expect(refOf("Acme.Widget", "1.0")).toEqual({
      ecosystem: "nuget",
      name: "Acme.Widget",
      version: "1.0.0",
      purl: "pkg:nuget/Acme.Widget@1.0.0",
    });
  });

  it.each([
    ["[8.0.31, 8.0.31]", ["8.0.31"]],
    ["[1.0.0]", ["1.0.0"]],
    ["[1.0.0, 1.0.0];[2.0.0, 2.0.0]", ["1.0.0", "2.0.0"]],
    ["[1.0.0, 2.0.0]", []],
    ["1.0.0", []],
  ])("the exact versions in %s", (range, versions) => expect(exactly(range)).toEqual(versions));
});

describe("packages.lock.json", () => {
  async function read(lock: unknown) {
    const folder = temporaryFolder();
    writeFiles(folder, { "packages.lock.json": typeof lock === "string" ? lock : JSON.stringify(lock) });
    return readLock(join(folder, "packages.lock.json"), { read: readBounded });
  }
  const lock = (entries: Record<string, unknown>, version: unknown = 1) => ({
    version,
    dependencies: { "net10.0": entries },
  });
  const entry = { type: "Direct", requested: "[1.0.0, )", resolved: "1.0.0", contentHash: HASH };
  const codes = ({ unbound }: Awaited<ReturnType<typeof read>>) => unbound.map(({ denial }) => denial.code);

  it("packages of every framework, each once; projects stay outside", async () => {
    const { wanted, notGated, unbound } = await read({
      version: 2,
      dependencies: {
        "net10.0": { "Acme.Widget": entry, app: { type: "Project" } },
        "net10.0/linux-x64": {
          "acme.widget": { ...entry, type: "Transitive" },
          "Acme.Native": { ...entry, type: "CentralTransitive" },
        },
      },
    });
    expect([...wanted.keys()]).toEqual(["acme.widget/1.0.0", "acme.native/1.0.0"]);
    expect(wanted.get("acme.widget/1.0.0")).toMatchObject({
      locations: ["net10.0", "net10.0/linux-x64"],
      stated: [{ algorithm: "sha512" }],
    });
    expect({ notGated: notGated.map(({ name }) => name), unbound }).toEqual({ notGated: ["app"], unbound: [] });
  });

  it.each<[string, unknown]>([
    ["no JSON", "{"],
    ["another version", lock({}, 4)],
    ["a version as text", lock({}, "1")],
    ["no dependencies", { version: 1 }],
    ["an entry without a version", lock({ a: { ...entry, resolved: undefined } })],
    ["an entry with a range", lock({ a: { ...entry, resolved: "[1.0,2.0)" } })],
    ["an entry without a hash", lock({ a: { ...entry, contentHash: undefined } })],
    ["a hash that is too short", lock({ a: { ...entry, contentHash: "AAAA" } })],
    ["an id that leads elsewhere", lock({ "../a": entry })],
    ["the same name twice", '{"version":1,"dependencies":{"net10.0":{"a":{},"a":{}}}}'],
  ])("%s cannot be bound", async (_, text) => expect(codes(await read(text))).toEqual(["LOCK_UNSUPPORTED"]));

  it("two hashes for one package are a contradiction, also across locks", async () => {
    const one = await read(lock({ "Acme.Widget": entry }));
    const two = await read(lock({ "acme.widget": { ...entry, contentHash: OTHER } }));
    expect(codes(joinResolutions([one, two]))).toEqual(["INTEGRITY_UNUSABLE"]);
  });
});

describe("project.assets.json against the proven set", () => {
  const text = (more: object = {}) =>
    JSON.stringify({
      libraries: { "Acme.Widget/1.0.0": { type: "package", sha512: HASH }, "Lib/1.0.0": { type: "project" } },
      packageFolders: { "/run/packages/": {} },
      project: {
        restore: { projectPath: "/a.csproj" },
        frameworks: { net: { downloadDependencies: [{ name: "Acme.Pack", version: "[2.0.0, 2.0.0]" }] } },
      },
      ...more,
    });
  const hex = Buffer.from(HASH, "base64").toString("hex");
  const proven = new Map([
    ["acme.widget/1.0.0", hex],
    ["acme.pack/2.0.0", hex],
  ]);
  const compare = (more: object = {}, set = proven) => compareAssets(parseAssets(text(more)), set, "/run/packages");

  it("agrees", () => expect(compare()).toEqual([]));
  it("another hash", () =>
    expect(compare({}, new Map([...proven, ["acme.widget/1.0.0", "00"]]))).toEqual([
      "Acme.Widget 1.0.0 has another content hash",
    ]));
  it("a package that was not proven", () =>
    expect(compare({}, new Map([["acme.pack/2.0.0", hex]]))).toEqual(["Acme.Widget 1.0.0 was not proven"]));
  it("a download that was not proven", () =>
    expect(compare({}, new Map([["acme.widget/1.0.0", hex]]))).toEqual(["Acme.Pack 2.0.0 was not proven"]));
  it("another packages folder", () =>
    expect(compare({ packageFolders: { "/run/packages": {}, "/home/packages": {} } })).toEqual([
      "/home/packages is used as a packages folder",
    ]));
  it("something unresolved", () =>
    expect(() => parseAssets(text({ libraries: { "X/1.0.0": { type: "unresolved" } } }))).toThrow(/unresolved/));
});

describe("the nuspec", () => {
  const content = (name: string, text: string) => makeZip([{ name, data: Buffer.from(text) }]);
  const metadata = (inner: string) => `<package><metadata>${inner}</metadata></package>`;

  it("says id and version", () =>
    expect(readIdentity(makePackage({ id: "A.B", version: "1.2" }))).toEqual({ id: "A.B", version: "1.2" }));

  it.each<[string, Buffer, typeof ZipFault | typeof XmlFault]>([
    ["two of them", makeZip(["a.nuspec", "b.NUSPEC"].map((name) => ({ name, data: Buffer.from("") }))), ZipFault],
    [
      "two of them, one under an escaped name",
      makeZip(["a.nuspec", "b%2Enuspec"].map((name) => ({ name, data: Buffer.from("") }))),
      ZipFault,
    ],
    ["none at the root", content("lib/a.nuspec", ""), ZipFault],
    ["two ids", content("a.nuspec", metadata("<id>a</id><id>b</id><version>1</version>")), XmlFault],
    ["no version", content("a.nuspec", metadata("<id>a</id>")), XmlFault],
    ["no XML", content("a.nuspec", "<"), XmlFault],
    [
      "an entity",
      content("a.nuspec", `<!DOCTYPE a [<!ENTITY x "y">]>${metadata("<id>&x;</id><version>1</version>")}`),
      XmlFault,
    ],
    [
      "a size that is not true",
      makeZip([{ name: "a.nuspec", data: Buffer.from("abc"), method: 8, central: { size: 2 }, local: { size: 2 } }]),
      ZipFault,
    ],
  ])("%s: refused", (_, bytes, fault) => expect(() => readIdentity(bytes)).toThrow(fault));
});

describe("what NuGet writes", () => {
  const sources = (...members: string[]) => `{"restore": {"sources": {\n  ${members.join(",\n  ")}\n}}}`;

  it("names a source for each of its names; that is one source", () => {
    expect(
      parseWritten(sources('"https://a.example": {}', '"https://b.example": {}', '"https://a.example": {}')),
    ).toEqual({ restore: { sources: { "https://a.example": {}, "https://b.example": {} } } });
    expect(parseWritten(sources())).toEqual({ restore: { sources: {} } });
  });

  it.each([sources('"a": {}', '"a": {"b": 1}'), '{"a": {}, "a": {}}', sources('"a": 1', '"a": 1')])(
    "nothing else twice: %s",
    (text) => expect(() => parseWritten(text)).toThrow("duplicate name"),
  );
});

describe("NuGet.config", () => {
  async function settings(files: Record<string, string>, env: Record<string, string> = {}) {
    const folder = temporaryFolder();
    writeFiles(folder, files);
    return {
      folder,
      ...(await readSettings(
        join(folder, "a", "b"),
        { repositoryRoot: join(folder, "a"), registries: ["https://my.example"] },
        hostWith({ HOME: join(folder, "home"), ...env }),
      )),
    };
  }
  const add = (key: string, value: string) => `<add key="${key}" value="${value}" />`;

  it("the nearer file wins, clear forgets, disabled ones are left out, folders are relative to their file", async () => {
    const { sources, folder } = await settings({
      "home/.nuget/NuGet/NuGet.Config": `<configuration><packageSources>${add("user", "https://user.example/v3/index.json")}</packageSources></configuration>`,
      "a/nuget.config": `<configuration><packageSources><clear />${add("one", "https://one.example/v3/index.json")}${add("off", "https://off.example")}</packageSources><disabledPackageSources>${add("off", "true")}</disabledPackageSources></configuration>`,
      "a/b/NuGet.config": `<configuration><packageSources>${add("two", "../feed")}</packageSources></configuration>`,
    });
    expect([...sources]).toEqual([
      ["one", "https://one.example/v3/index.json"],
      ["two", join(folder, "a", "feed")],
    ]);
  });

  it("mapping: the longest pattern decides, and a package that none matches has no feed", async () => {
    const { feeds } = await settings({
      "a/nuget.config": `<configuration><packageSources>${add("pub", "https://pub.example")}${add("own", "https://own.example")}</packageSources><packageSourceMapping><packageSource key="pub"><package pattern="Pub.*" /></packageSource><packageSource key="own"><package pattern="Acme.*" /><package pattern="Pub.Own" /></packageSource></packageSourceMapping></configuration>`,
    }).then((one) => ({ feeds: (id: string) => feedsFor(id, one, "/", new Map(), {}).map(({ name }) => name) }));
    expect([feeds("acme.widget"), feeds("Pub.X"), feeds("Pub.Own"), feeds("Other")]).toEqual([
      ["own"],
      ["pub"],
      ["own"],
      [],
    ]);
  });

  it("credentials belong to the source of their name", async () => {
    const one = await settings(
      {
        "a/nuget.config": `<configuration><packageSources>${add("my feed", "https://my.example")}${add("other", "https://other.example")}</packageSources><packageSourceCredentials><my_x0020_feed>${add("Username", "u")}${add("ClearTextPassword", "%TOKEN%")}</my_x0020_feed></packageSourceCredentials></configuration>`,
      },
      { TOKEN: "secret" },
    );
    expect(feedsFor("x", one, "/", new Map(), {}).map(({ name, credentials }) => [name, credentials])).toEqual([
      ["my feed", { username: "u", password: "secret" }],
      ["other", null],
    ]);
  });
});

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

describe("command lines", () => {
  it.each([
    ["restore", "gate"],
    ["restore App.sln -p:Configuration=Release", "gate"],
    ["build -c Release", "gate"],
    ["test --filter Name=x --no-restore", "pass"],
    ["run -- --no-restore", "gate"],
    ["tool restore", "gate"],
    ["build --help", "pass"],
    ["tool exec --help", "pass"],
    ["tool exec x --help", "refuse"],
    ["dnx x --help", "refuse"],
    ["fsi x.fsx -h", "refuse"],
    ["run x -h", "gate"],
    ["test -h", "gate"],
    ["clean", "pass"],
    ["clean -t:Restore", "refuse"],
    ["build --no-restore -restore", "refuse"],
    ["build --no-restore @x.rsp", "refuse"],
    ["tool restore --add-source x", "refuse"],
    ["tool restore --tool-manifest=x", "gate"],
    ["--info", "pass"],
    ["app.dll", "pass"],
    ["nuget push x.nupkg", "pass"],
    ["tool run x", "pass"],
    ["tool install x", "refuse"],
    ["tool exec x", "refuse"],
    ["dnx x", "refuse"],
    ["new install x", "refuse"],
    ["workload install x", "refuse"],
    ["workload list", "pass"],
    ["msbuild -restore", "refuse"],
    ["list package", "refuse"],
    ["package list", "refuse"],
    ["add package x", "gate"],
    ["add App package x --version 1.0.0", "gate"],
    ["package add x --project App", "gate"],
    ["add App reference ../B", "pass"],
    ["add", "refuse"],
    ["remove package x", "pass"],
    ["run program.cs", "gate"],
    ["build program.cs", "refuse"],
    ["--unknown", "refuse"],
    ["", "refuse"],
    ["restore --source x", "gate"],
    ["restore -s x", "gate"],
    ["build -s x", "refuse"],
    ["build --arch arm64", "gate"],
    ["build -restore", "refuse"],
    ["build /t:Clean;Restore", "refuse"],
    ["publish -rp:RestoreSources=x", "refuse"],
    ["run --file x.cs", "refuse"],
    ["run -", "refuse"],
    ["restore -p:NuGetLockFilePath=x", "refuse"],
    ["restore -p:RestoreLockedMode=true", "gate"],
  ])("dotnet %s: %s", (text, kind) => expect(classify(text === "" ? [] : text.split(" ")).kind).toBe(kind));

  it("what changes the set goes to the restore, the rest does not", () => {
    expect(readIntent("publish src/App -c Release -r linux-x64 --self-contained -o out -p:X=1".split(" "))).toEqual({
      command: "publish",
      target: "src/App",
      restore: [
        "-p:_IsPublishing=true",
        "-p:Configuration=Release",
        "-p:RuntimeIdentifier=linux-x64",
        "-p:SelfContained=true",
        "-p:X=1",
      ],
      lockedMode: false,
      platform: {},
    });
    expect(readIntent("build --os linux -a x64 --source a;b --source c --artifacts-path out".split(" "), "/x")).toEqual(
      {
        command: "build",
        target: null,
        restore: ["-p:ArtifactsPath=/x/out", "-p:RestoreSources=a%3Bb%3Bc"],
        lockedMode: false,
        platform: { os: "linux", arch: "x64" },
      },
    );
    expect(readIntent(["run", "--project", "src/App", "argument"])).toMatchObject({ target: "src/App" });
    expect(readIntent(["restore", "--locked-mode"])).toMatchObject({ target: null, lockedMode: true });
  });
});
