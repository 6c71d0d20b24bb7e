/** Packages that the SDK brings itself (`library-packs`), in other bytes than a feed has under the same name. */
import { stripSignature } from "../../plugins/dotnet/bytes/strip.ts";
import { temporaryFolder } from "../support/folder.ts";
import { csproj, hasDotnet } from "../support/nuget/project.ts";
import { attest, policyFor, type Scene, sha256, stage, startScene } from "../support/nuget/scene.ts";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const ID = "FSharp.Core";
let scene: Scene;
let version = "";
/** What the feed has, and what the SDK brings. */
let contents: readonly Buffer[] = [];

beforeAll(async () => {
  if (!hasDotnet) return;
  scene = await startScene();
  const folder = join(sdkFolder(), "FSharp", "library-packs");
  const [name = ""] = readdirSync(folder);
  version = name.slice(`${ID}.`.length, -".nupkg".length);
  const files = { "lib/netstandard2.1/FSharp.Core.dll": "another" };
  const { content: own } = stripSignature(readFileSync(join(folder, name)));
  contents = [await scene.publish({ id: ID, version, files }), own];
  scene.bundles.set(sha256(own), await attest(scene.instance, { id: ID, version }, own));
});
afterAll(() => scene.feed.close());

function sdkFolder(): string {
  const current = execFileSync("dotnet", ["--version"], { encoding: "utf8" }).trim();
  const lines = execFileSync("dotnet", ["--list-sdks"], { encoding: "utf8" }).split("\n");
  return join(/\[(.*)\]/.exec(lines.find((one) => one.startsWith(`${current} `)) ?? "")?.[1] ?? "", current);
}

function begin() {
  const folder = temporaryFolder();
  const project = csproj({}, { OutputType: "Exe" }, '<ItemGroup><Compile Include="Program.fs" /></ItemGroup>');
  const files = { "app.fsproj": project, "Program.fs": 'printfn "Hello"\n' };
  return stage(scene, { project: join(folder, "app"), home: join(folder, "home") }, files, policyFor([ID]));
}

const HASH = /(?<="contentHash": ")[^"]+/;

describe.skipIf(!hasDotnet)("a default F# project", () => {
  it("is restored from one source, with and without a lock; check finds what a lock states in the SDK", async () => {
    const app = begin();
    expect(await app.run("dotnet", "restore", "--use-lock-file")).toMatchObject({ exit: 0 });
    const lock = app.read("packages.lock.json");
    const locks = contents.map((one) => lock.replace(HASH, createHash("sha512").update(one).digest("base64")));
    expect(locks).toContain(lock);
    const other = begin();
    for (const stated of locks) {
      other.write({ "packages.lock.json": stated });
      expect(await other.run("check")).toMatchObject({ exit: 0 });
    }
    const stated = locks.find((one) => one !== lock) ?? "";
    other.write({ "packages.lock.json": stated });
    expect(await other.run("dotnet", "restore")).toMatchObject({ exit: 0 });
    expect(other.read("packages.lock.json")).toBe(stated);
    const assets = JSON.parse(other.read("obj/project.assets.json")) as Assets;
    expect(Object.keys(assets.project.restore.sources)).toHaveLength(1);
  });
});

interface Assets {
  readonly project: { readonly restore: { readonly sources: Readonly<Record<string, unknown>> } };
}
