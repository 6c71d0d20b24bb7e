/** What NuGet reads in a packages.lock.json: its own reader in a small program (Locks.cs), and what a restore then installs. */
import { readLock } from "../../../plugins/dotnet/resolve/lock.ts";
import { packageKey } from "../../../src/ecosystems/names.ts";
import type { Value } from "../lock-mutants.ts";
import { csproj } from "../nuget/project.ts";
import { policyFor, type Scene, stage } from "../nuget/scene.ts";
import type { Installed, Judged } from "./differ.ts";
import { type Driven, drive } from "./driven.ts";
import { execFile } from "node:child_process";
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

export interface Entry {
  readonly id: string;
  readonly version: string;
  /** Base64. */
  readonly hash: string;
  readonly type: string;
}

/** Compiles the program with the SDK's own compiler against the SDK's own assemblies, and starts it. */
export async function locksProgram(folder: string): Promise<Driven<Entry>> {
  const { stdout } = await run("dotnet", ["--list-sdks"]);
  const [, version = "", root = ""] = /^(\S+) \[(.*)\]$/.exec(stdout.trim().split("\n").at(-1) ?? "") ?? [];
  const sdk = join(root, version);
  const [major = ""] = version.split(".");
  const packs = join(root, "..", "packs", "Microsoft.NETCore.App.Ref");
  const pack = readdirSync(packs).findLast((name) => name.startsWith(`${major}.`)) ?? "";
  const references = join(packs, pack, "ref", `net${major}.0`);
  const assemblies = [
    ...readdirSync(references)
      .filter((name) => name.endsWith(".dll"))
      .map((name) => join(references, name)),
    ...["ProjectModel", "Common", "Versioning", "Frameworks"].map((name) => join(sdk, `NuGet.${name}.dll`)),
  ];
  const program = join(folder, "Locks.dll");
  const compiler = [join(sdk, "Roslyn", "bincore", "csc.dll"), "-nologo", `-out:${program}`];
  const source = join(import.meta.dirname, "Locks.cs");
  await run("dotnet", ["exec", ...compiler, ...assemblies.map((one) => `-r:${one}`), source]);
  const framework = { name: "Microsoft.NETCore.App", version: `${major}.0.0` };
  const runtime = { runtimeOptions: { tfm: `net${major}.0`, framework } };
  writeFileSync(join(folder, "Locks.runtimeconfig.json"), JSON.stringify(runtime));
  return drive<Entry>(["dotnet", "exec", program, sdk, join(folder, "packages.lock.json")], { cwd: folder });
}

export function readByNuget(program: Driven<Entry>) {
  return async (texts: readonly string[]): Promise<readonly (readonly Installed[] | null)[]> =>
    (await program.ask(texts)).map(
      (entries) => entries?.filter(({ type }) => type !== "Project").map(installedOf) ?? null,
    );
}

function installedOf({ id, version, hash }: Pick<Entry, "id" | "version" | "hash">): Installed {
  const hex = Buffer.from(hash, "base64").toString("hex");
  return { key: packageKey("nuget", id, version), hashes: hex === "" ? [] : [hex] };
}

export async function judgedByUs(text: string): Promise<Judged | null> {
  const { wanted, unbound } = await readLock("/x/packages.lock.json", { read: async () => Buffer.from(text) });
  if (unbound.length > 0) return null;
  const files = [...wanted.values()].map(({ package: { name, version }, stated }) => {
    return [packageKey("nuget", name, version), new Set(stated.map(({ hex }) => hex))] as const;
  });
  return { files: new Map(files), folders: new Set() };
}

export interface NugetProject {
  /** What `dotnet restore` itself wrote. */
  readonly lock: Value;
  /** What `dotnet restore --locked-mode` installed, as project.assets.json names it, once for each text. */
  readonly restored: (texts: readonly string[]) => Promise<readonly (readonly Installed[] | null)[]>;
}

export async function nugetProject(scene: Scene, folder: string): Promise<NugetProject> {
  await scene.publish({ id: "Acme.Leaf", version: "1.0.0" }, { bundle: "none" });
  await scene.publish(
    { id: "Acme.Widget", version: "1.0.0", dependencies: { "Acme.Leaf": "1.0.0" } },
    { bundle: "none" },
  );
  const own = csproj({ "Acme.Widget": "1.0.0" }, { RestorePackagesWithLockFile: "true" });
  const where = { project: join(folder, "app"), home: join(folder, "home") };
  const app = stage(scene, where, { "app.csproj": own, "Class.cs": "" }, policyFor(["Acme.*"]));
  const { exit, stdout } = await app.plain("restore");
  if (exit !== 0) throw new Error(stdout);
  const lock = JSON.parse(app.read("packages.lock.json")) as Value;
  return {
    lock,
    async restored(texts) {
      const found: (readonly Installed[] | null)[] = [];
      for (const text of texts) {
        app.remove("obj");
        app.write({ "packages.lock.json": text });
        const { exit: end } = await app.plain("restore", "--locked-mode");
        found.push(end === 0 ? librariesIn(app.read("obj/project.assets.json")) : null);
      }
      return found;
    },
  };
}

function librariesIn(text: string): readonly Installed[] {
  const { libraries } = JSON.parse(text) as {
    libraries: Record<string, { readonly type: string; readonly sha512: string }>;
  };
  const packages = Object.entries(libraries).filter(([, { type }]) => type === "package");
  return packages.map(([name, { sha512: hash }]) => {
    const [id = "", version = ""] = name.split("/");
    return installedOf({ id, version, hash });
  });
}
