import { addStages } from "../../../../plugins/dotnet/add/add.ts";
import type { Restored } from "../../../../plugins/dotnet/locate.ts";
import type { Command, Proven } from "../../../../src/plugin.ts";
import { putInto, temporaryFolder } from "../../../support/folder.ts";
import { testHost } from "../../../support/npm-session.ts";
import { layRepository } from "../../../support/repository.ts";
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { expect, it } from "vitest";

const CONFIG =
  '<configuration><packageSources><clear /><add key="feed" value="https://feed.example/index.json" /></packageSources></configuration>';
const PROJECT = '<Project Sdk="Microsoft.NET.Sdk" />';
const ADDED = '<Project Sdk="Microsoft.NET.Sdk"><!-- added --></Project>';
const HASH = Buffer.alloc(64, 7).toString("base64");

interface Told {
  readonly args?: readonly string[];
  /** What `add` ends with, and says. */
  readonly code?: number;
  readonly said?: (mirror: string) => string;
  readonly style?: string;
  readonly body?: string;
  readonly notices?: string[];
}

/** A dotnet that adds a package in the mirror, and restores there. */
async function add(told: Told = {}) {
  const { args = ["add", "package", "Acme.Widget"], code = 0, said = () => "", style, body, notices = [] } = told;
  const [root, sdk, home] = [temporaryFolder(), temporaryFolder(), temporaryFolder()];
  layRepository(root);
  putInto(root, "app/App.csproj", body ?? PROJECT);
  putInto(root, "nuget.config", CONFIG);
  putInto(sdk, "dotnet", "", 0o755);
  const file = join(root, "app/App.csproj");
  const commands: Command[] = [];
  const run = (one: Command) => {
    commands.push(one);
    const [, output] = one.args.map((word) => /^-p:RestoreGraphOutputPath=(.*)$/.exec(word)).find(Boolean) ?? [];
    const restore = {
      projectPath: file,
      projectStyle: style ?? "PackageReference",
      outputPath: join(root, "app/obj"),
      sources: { "https://feed.example/index.json": {} },
      configFilePaths: [join(root, "nuget.config")],
    };
    if (output !== undefined)
      writeFileSync(output, JSON.stringify({ projects: { [file]: { restore, frameworks: {} } } }));
    const [verb, project = ""] = one.args;
    if (verb === "add") {
      writeFileSync(one.log!, said(join(dirname(project), "..")));
      if (code === 0) writeFileSync(project, ADDED);
      return Promise.resolve(code);
    }
    if (verb === "restore")
      putInto(dirname(project), "obj/project.assets.json", {
        libraries: { "Acme.Widget/1.0.0": { type: "package", sha512: HASH } },
        packageFolders: {},
        project: { restore: { projectPath: project }, frameworks: {} },
      });
    return Promise.resolve(0);
  };
  const host = { ...testHost({ home, env: { HOME: home, PATH: sdk }, notices }), run, guide: null };
  const target = { file, folder: dirname(file) };
  const request = { purpose: "install" as const, args, cwd: target.folder };
  const located: Restored = { kind: "add", target, request, folder: target.folder, root, found: [], replaces: [] };
  const stages = addStages(located, { repositoryRoot: root, registries: [] }, host);
  const step = await stages.next([]);
  if (step.done === true) throw new Error("no part");
  return { part: step.value, stages, commands, root };
}

it("dotnet says in a mirror what it would write, and what would come; the project stays as it is meanwhile", async () => {
  const { part, stages, commands, root } = await add({ args: ["add", "package", "Acme.Widget", "--version", "1.0.0"] });
  expect(part).toMatchObject({ lockfile: null, unbound: [] });
  expect(part.artifacts.map(({ package: { name, version } }) => [name, version])).toEqual([["Acme.Widget", "1.0.0"]]);
  const [, added, restored] = commands;
  const project = added?.args[1] ?? "";
  expect(added?.args).toEqual(["add", project, "package", "Acme.Widget", "--version", "1.0.0"]);
  expect(project.endsWith("/app/App.csproj") && relative(root, project).startsWith("..")).toBe(true);
  expect(added?.cwd).toBe(dirname(project));
  expect(restored?.args).toEqual(
    expect.arrayContaining(["restore", project, "-noAutoResponse", "--packages", "--no-http-cache"]),
  );
  expect(added?.env["NUGET_PACKAGES"]).toBe(restored?.args[restored.args.indexOf("--packages") + 1]);
  expect(readFileSync(join(dirname(project), "../NuGet.config"), "utf8")).toContain("https://feed.example/index.json");
  expect(readFileSync(join(root, "app/App.csproj"), "utf8")).toBe(PROJECT);
  const bytes = { digests: [], read: () => Promise.resolve(Buffer.alloc(0)) };
  const end = await stages.next(part.artifacts.map((artifact): Proven => ({ artifact, bytes })));
  if (end.done !== true || end.value === null) throw new Error("no hand-off");
  // The very text that was judged is written, and undone with the restore.
  expect(end.value.replaces.map(({ path }) => path)).toEqual(
    expect.arrayContaining([join(root, "app/App.csproj"), join(root, "app/packages.lock.json")]),
  );
  expect(readFileSync(join(root, "app/App.csproj"), "utf8")).toBe(PROJECT);
});

it("where it cannot, its own words are shown with the names that the user knows, and nothing is changed", async () => {
  const notices: string[] = [];
  let inMirror = "";
  const said = (mirror: string) => ((inMirror = mirror), `  error: ${mirror}/app/App.csproj is bad\n\n`);
  const failed = add({ code: 3, said, notices });
  await expect(failed).rejects.toMatchObject({
    kind: "unavailable",
    code: "DOTNET_FAILED",
    message: "dotnet could not add the package (it ended with 3)",
    hint: expect.stringContaining("nothing in the project was changed") as string,
  });
  expect(notices).toEqual([expect.stringMatching(/^ {2}error: .*\/app\/App\.csproj is bad$/)]);
  expect(notices.join()).not.toContain(inMirror);
});

it("a project that cannot be bound is not added to: it is said why", async () => {
  const { part, commands } = await add({ style: "DotnetCliTool" });
  expect(part.unbound.map(({ denial }) => denial.code)).toEqual(["LOCK_UNSUPPORTED"]);
  expect(part.artifacts).toEqual([]);
  expect(commands).toHaveLength(1);
});

it("what would run while it is read is refused before dotnet is started; a command that is refused is never opened", async () => {
  const body =
    '<Project Sdk="Microsoft.NET.Sdk"><Target Name="T" BeforeTargets="Restore"><Exec Command="x" /></Target></Project>';
  await expect(add({ body })).rejects.toMatchObject({ code: "PROJECT_RUNS" });
  await expect(add({ args: ["add", "package"] })).rejects.toThrow("is never opened");
});
