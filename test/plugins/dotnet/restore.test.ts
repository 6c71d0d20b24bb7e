import { restoreStages } from "../../../plugins/dotnet/restore.ts";
import type { Restored } from "../../../plugins/dotnet/locate.ts";
import type { Command, Proven } from "../../../src/plugin.ts";
import { putInto, temporaryFolder } from "../../support/folder.ts";
import { testHost } from "../../support/npm-session.ts";
import { makePackage } from "../../support/nuget.ts";
import { layRepository } from "../../support/repository.ts";
import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const WIDGET = makePackage({ id: "Acme.Widget", version: "1.0.0" });
const SHA512 = createHash("sha512").update(WIDGET);
const HASH = SHA512.digest("base64");
const LOCK = {
  version: 1,
  dependencies: {
    "net8.0": { "Acme.Widget": { type: "Direct", requested: "[1.0.0, )", resolved: "1.0.0", contentHash: HASH } },
  },
};
const HOOK = '<Target Name="Hook" BeforeTargets="Restore"><Exec Command="git status" /></Target>';
const CONFIG =
  '<configuration><packageSources><clear /><add key="feed" value="https://feed.example/index.json" /></packageSources></configuration>';

interface Told {
  readonly args?: readonly string[];
  readonly body?: string;
  readonly files?: Readonly<Record<string, unknown>>;
  readonly outputPath?: string;
  readonly style?: string;
}

/** A dotnet that says what projects there are, and ends each restore well. */
function begin({ args = ["restore"], body = "", files = {}, outputPath, style = "PackageReference" }: Told = {}) {
  const [root, sdk, home] = [temporaryFolder(), temporaryFolder(), temporaryFolder()];
  layRepository(root);
  const text = `<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><TargetFramework>net8.0</TargetFramework></PropertyGroup>${body}</Project>`;
  const all = { "app/App.csproj": text, "nuget.config": CONFIG, ...files };
  for (const [path, content] of Object.entries(all)) putInto(root, path, content);
  putInto(sdk, "dotnet", "", 0o755);
  const commands: Command[] = [];
  const run = (one: Command) => {
    commands.push(one);
    if (one.log !== undefined) writeFileSync(one.log, "");
    const [, output] = one.args.map((word) => /^-p:RestoreGraphOutputPath=(.*)$/.exec(word)).find(Boolean) ?? [];
    const file = one.args.find((word) => word.endsWith("App.csproj"));
    if (output === undefined || file === undefined) return Promise.resolve(0);
    const at = file.slice(0, -"App.csproj".length);
    const restore = {
      projectPath: file,
      projectStyle: style,
      outputPath: outputPath ?? join(at, "obj"),
      sources: { "https://feed.example/index.json": {} },
      configFilePaths: [join(at, "../nuget.config")],
    };
    writeFileSync(output, JSON.stringify({ projects: { [file]: { restore, frameworks: {} } } }));
    return Promise.resolve(0);
  };
  const cache = new Map<string, Buffer>();
  const real = testHost({ home, env: { HOME: home, PATH: sdk } });
  const kept = {
    get: (key: string) => Promise.resolve(cache.get(key) ?? null),
    put: (key: string, value: Buffer) => (cache.set(key, value), Promise.resolve()),
  };
  const host = { ...real, run, guide: null, cache: { ...real.cache, ...kept } };
  const target = { file: join(root, "app/App.csproj"), folder: join(root, "app") };
  const request = { purpose: "install" as const, args, cwd: target.folder };
  const located: Restored = { kind: "restore", target, request, folder: target.folder, root, found: [], replaces: [] };
  const bounds = { repositoryRoot: root, registries: [] };
  return { stages: restoreStages(located, bounds, host), commands, root, cache };
}

async function partOf(told: Told) {
  const begun = begin(told);
  const { value, done } = await begun.stages.next([]);
  if (done === true) throw new Error("no part");
  const bytes = { digests: value.artifacts[0]?.digests ?? [], read: () => Promise.resolve(WIDGET) };
  const finish = async () => {
    const end = await begun.stages.next(value.artifacts.map((artifact): Proven => ({ artifact, bytes })));
    if (end.done !== true || end.value === null) throw new Error("no hand-off");
    return end.value;
  };
  return { ...begun, part: value, finish };
}

const LOCKED = { "app/packages.lock.json": LOCK };

describe("a restore", () => {
  it("of a locked project is what the lock says, and nothing is restored for it", async () => {
    const { part, commands, root, finish, cache } = await partOf({ files: LOCKED });
    expect(part).toMatchObject({ lockfile: join(root, "app/packages.lock.json"), unbound: [], notGated: [] });
    expect(part.artifacts.map(({ package: one, digests }) => [one.name, digests.length])).toEqual([["Acme.Widget", 1]]);
    expect(part.registryOf!(part.artifacts[0]!)).toBe("https://feed.example/index.json");
    expect(commands).toHaveLength(1);
    const handoff = await finish();
    expect(handoff).toMatchObject({ root, name: join(root, "app/App.csproj"), found: [] });
    expect(handoff.replaces.map(({ path }) => path)).toEqual(
      expect.arrayContaining([join(root, "app/packages.lock.json"), join(root, "app/obj/project.assets.json")]),
    );
    expect(cache.size).toBe(0);
  });

  it("without a lock comes from quarantine, and is remembered for the next one", async () => {
    for (const [told, count] of [
      [{}, 2],
      [{ files: LOCKED, args: ["restore", "--force-evaluate"] }, 2],
    ] as const) {
      const { part, commands, finish, cache, root } = await partOf(told);
      expect(part.lockfile).toBeNull();
      expect(part.artifacts).toEqual([]);
      expect(commands).toHaveLength(count);
      expect(commands[1]?.args.join(" ")).toContain("RestorePackagesPath=");
      await finish();
      expect([...cache.keys()]).toEqual([`dotnet-set:${join(root, "app/App.csproj")}`]);
    }
  });

  it("of a command that is refused is never opened", async () => {
    await expect(begin({ args: ["restore", "@words.rsp"] }).stages.next([])).rejects.toThrow("is never opened");
  });

  it("that would write outside of the repository is not begun", async () => {
    const elsewhere = { outputPath: join(temporaryFolder(), "obj"), files: LOCKED };
    await expect(begin(elsewhere).stages.next([])).rejects.toMatchObject({ code: "OUTSIDE_PROJECT" });
    expect((await partOf({ ...elsewhere, style: "PackagesConfig" })).part.artifacts).toEqual([]);
  });

  it("of a project SDK in a package waits for its proof", async () => {
    const { part } = await partOf({
      files: { "app/App.csproj": '<Project Sdk="Acme.Sdk/2.0.0" />', ...LOCKED },
    });
    expect(part).toMatchObject({ opens: true, runs: true, lockfile: null });
    expect(part.artifacts.map(({ package: { name, version } }) => [name, version])).toEqual([["Acme.Sdk", "2.0.0"]]);
  });

  it("in which targets of the project run is read without them, and says so", async () => {
    const { part, commands, root, finish } = await partOf({ files: LOCKED, body: HOOK });
    expect(part.notGated).toEqual([
      { kind: "in-restore", name: "target Hook of app/App.csproj (Exec)", detail: "left out of the reading" },
    ]);
    // The lock lies where the user knows it, whatever was read.
    expect(part.lockfile).toBe(join(root, "app/packages.lock.json"));
    expect(commands.every(({ args }) => !args.includes(join(root, "app/App.csproj")))).toBe(true);
    const handoff = await finish();
    expect(handoff).not.toHaveProperty("name");
    expect(handoff.replaces.map(({ path }) => path)).toContain(join(root, "nuget.config"));
  });
});
