/** In the copy of a repository from which targets are left out, nothing leads back to the repository, where they are. */
import { type ProjectGround, filesRead } from "../../../../plugins/dotnet/reading/closure.ts";
import { withoutTargets } from "../../../../plugins/dotnet/reading/leave-out.ts";
import { requireQuiet, requireReadable } from "../../../../plugins/dotnet/reading/reading.ts";
import type { Host } from "../../../../src/plugin.ts";
import { readBounded } from "../../../../src/io/files.ts";
import { temporaryFolder } from "../../../support/folder.ts";
import { csproj, writeFiles } from "../../../support/nuget/project.ts";
import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const EXEC = '<Exec Command="evil" />';
const file = (body: string) => `<Project>${body}</Project>`;
const EVIL = file(`<Target Name="Evil" BeforeTargets="Restore">${EXEC}</Target>`);
const HOST = { env: {}, read: readBounded } as unknown as Host;

interface Places {
  readonly original: string;
  readonly ground: ProjectGround;
}

/** The repository has `eng/evil.targets`, its copy a harmless one in its place. */
function places(given: readonly string[], isSealed = true): Places {
  const folder = temporaryFolder();
  const [original, root] = [join(folder, "repository"), join(folder, "private", "copy")];
  writeFiles(original, { "eng/evil.targets": EVIL });
  writeFiles(root, { "eng/evil.targets": file("") });
  return { original, ground: { root, copyOf: { root: original, given: new Set(given), isSealed } } };
}

async function refusal({ ground }: Places, more: string): Promise<string | null> {
  writeFiles(ground.root, { "app.csproj": csproj({}, {}, more) });
  return requireQuiet({ file: join(ground.root, "app.csproj"), folder: ground.root }, ground, HOST).then(
    () => null,
    (error: Error) => error.message,
  );
}

const set = (name: string, value: string) => `<PropertyGroup><${name}>${value}</${name}></PropertyGroup>`;
const imported = (path: string) => `<Import Project="${path}" />`;

describe("a copy is read", () => {
  it.each([
    ["a name of its own", () => set("Eng", "eng") + imported("$(Eng)/evil.targets")],
    [
      "a folder above",
      () => imported("$([MSBuild]::GetDirectoryNameOfFileAbove($(MSBuildThisFileDirectory), 'eng'))/eng/evil.targets"),
    ],
    ["a pattern", () => imported("eng/*.targets")],
  ])("where it imports by %s", async (_, more) => {
    expect(await refusal(places([]), more())).toBeNull();
  });

  it.each([
    ["a path into the repository", (at: string) => imported(`${at}/eng/evil.targets`)],
    ["a name that the SDK may give", () => set("Given", "eng") + imported("$(Given)/evil.targets")],
    ["a name of dotnet's", () => set("NUGET_PACKAGES", "eng") + imported("$(NUGET_PACKAGES)/evil.targets")],
    ["a name that no file gives", () => imported("$(Eng)/evil.targets")],
    ["a pattern in the repository", (at: string) => imported(`${at}/eng/*.targets`)],
    ["a way out of the copy", () => imported("../../repository/eng/evil.targets")],
  ])("not where it imports by %s", async (_, more) => {
    const all = places(["given"]);
    expect(await refusal(all, more(all.original))).toContain("target Evil runs Exec");
  });

  it("not where a pattern may follow a link out of the copy", async () => {
    expect(await refusal(places([], false), imported("out/*/*.targets"))).toContain("target Evil runs Exec");
  });

  it("through a link as where it leads", async () => {
    const all = places([]);
    symlinkSync(join(all.original, ".."), join(all.ground.root, "out"));
    expect(await refusal(all, imported("out/repository/eng/evil.targets"))).toContain("target Evil runs Exec");
  });
});

async function leftOut(more: string): Promise<readonly (string | null)[]> {
  const root = temporaryFolder();
  writeFiles(root, { "app.csproj": csproj({}, {}, more) });
  const target = { file: join(root, "app.csproj"), folder: root };
  const { targets, files } = await requireReadable(target, { root }, HOST);
  expect(files).toEqual((await filesRead(target, { root }, HOST)).files.map((one) => one.file));
  return targets.map(({ element }) => element.attributes["Name"] ?? null);
}

describe("what is left out", () => {
  it("are targets that hook on to restore and leave nothing that it reads", async () => {
    const idle = `<ItemGroup><FileWrites Include="x" /></ItemGroup>`;
    const harmless = `<Target Name="Other" BeforeTargets="Restore"><Message Text="x" /></Target>`;
    const build = `<Target Name="Build2" BeforeTargets="Build">${EXEC}</Target>`;
    const hooked = `<Target Name="Mine" BeforeTargets="Restore">${EXEC}${idle}</Target>`;
    expect(await leftOut(harmless + build + hooked)).toEqual(["Mine"]);
  });

  it.each([
    ["a property", "also sets A", EXEC + set("A", "1"), ""],
    ["an item", "also sets PackageReference", `${EXEC}<ItemGroup><PackageReference Include="x" /></ItemGroup>`, ""],
    ["an output", "also sets A", '<Exec Command="x"><Output TaskParameter="ExitCode" PropertyName="A" /></Exec>', ""],
    [
      "a target that it calls",
      "also sets A",
      '<CallTarget Targets="t2" />',
      `<Target Name="T2">${set("A", "1")}</Target>`,
    ],
    [
      "one for errors",
      "also sets A",
      `${EXEC}<OnError ExecuteTargets="T2" />`,
      `<Target Name="T2">${set("A", "1")}</Target>`,
    ],
    [
      "one on which a called one depends",
      "also sets A",
      '<CallTarget Targets="T2" />',
      `<Target Name="T2" DependsOnTargets="T3" /><Target Name="T3">${set("A", "1")}</Target>`,
    ],
    [
      "one that hooks on to a called one",
      "also sets A",
      '<CallTarget Targets="T2" />',
      `<Target Name="T2" /><Target Name="T3" AfterTargets="T2">${set("A", "1")}</Target>`,
    ],
    ["a name that is made up", "calls targets that only evaluation knows", '<CallTarget Targets="$(X)" />', ""],
  ])("is nothing that leaves %s behind", async (_, why, body, more) => {
    await expect(leftOut(`<Target Name="Mine" BeforeTargets="Restore">${body}</Target>${more}`)).rejects.toThrow(why);
  });

  it("is no target whose others only evaluation knows, and none in the place of the SDK's", async () => {
    const unsure = `<Target Name="Mine" BeforeTargets="Restore" DependsOnTargets="$(X)">${EXEC}</Target>`;
    await expect(leftOut(unsure)).rejects.toThrow("depends on targets that only evaluation knows");
    await expect(leftOut(`<Target Name="Restore">${EXEC}</Target>`)).rejects.toThrow(
      "in the place of a target of the SDK",
    );
  });
});

describe("a target that is left out", () => {
  const BODY = `<!-- é --><Target\n Name="A" Condition="'$(X)' != '&quot;'" Inputs="x" DependsOnTargets="B"><Exec Command="x"/></Target >\r\n<Target Name="B"/>`;

  it("is there, empty, with what runs beside it; every other byte stays", () => {
    const text = file(BODY);
    expect(withoutTargets(Buffer.from(text), new Set(["A"]))?.toString()).toBe(
      file(`<!-- é --><Target Name="A" Condition="'$(X)' != '&quot;'" DependsOnTargets="B" />\r\n<Target Name="B"/>`),
    );
    expect(withoutTargets(Buffer.from(`\uFEFF${text}`), new Set(["A"]))?.toString()).toMatch(/^\uFEFF<Project>/);
  });

  it("is left as it is in an encoding in which ASCII is none", () => {
    expect(withoutTargets(Buffer.from(`\uFEFF${file(BODY)}`, "utf16le"), new Set(["A"]))).toBeNull();
  });
});
