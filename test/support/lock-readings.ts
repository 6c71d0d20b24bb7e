import { readLock } from "../../plugins/dotnet/resolve/lock.ts";
import { readToolManifest } from "../../plugins/dotnet/tools/manifests.ts";
import { npm } from "../../plugins/npm/index.ts";
import { readLockfile } from "../../plugins/pip/lock/read.ts";
import type { Host, Part } from "../../src/plugin.ts";
import { temporaryFolder } from "./folder.ts";
import type { Value } from "./lock-mutants.ts";
import { testHost } from "./npm-session.ts";
import { realpathSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "smol-toml";

/** null: it is refused. Otherwise everything that is judged: name, version and digests. Throws as the reader does. */
export type Reading = (lock: Value) => Promise<ReadonlySet<string> | null>;

/** By the name of the lock's file; `manifest`: the package.json beside a lock of npm's. */
export async function readingOf(name: string, manifest: Value = {}): Promise<Reading> {
  switch (name) {
    case "package-lock.json":
      return npmReading(manifest);
    case "packages.lock.json":
      return readNuget;
    case "dotnet-tools.json":
      return readTools;
    default:
      return (lock) => readPython(name, lock);
  }
}

async function readPython(name: string, lock: Value): Promise<ReadonlySet<string> | null> {
  const text = textOf(name, lock);
  if (text === null) return null;
  const { files, unbound } = readLockfile(`/x/${name}`, Buffer.from(text));
  if (unbound.length > 0) return null;
  return new Set(files.map((one) => `${one.name} ${one.version} ${one.digests.map(({ hex }) => hex).join()}`));
}

/** The lock as its file has it; null where TOML has no such text. */
export function textOf(name: string, lock: Value): string | null {
  if (name.endsWith(".json") || name === "Pipfile.lock") return JSON.stringify(lock);
  if (JSON.stringify(lock).includes("null")) return null;
  try {
    return stringify(lock);
  } catch {
    return null;
  }
}

async function readNuget(lock: Value): Promise<ReadonlySet<string> | null> {
  const { wanted, unbound } = await readLock("/x/packages.lock.json", reads(lock));
  if (unbound.length > 0) return null;
  return new Set([...wanted].map(([key, { stated }]) => `${key} ${stated.map(({ hex }) => hex).join()}`));
}

async function readTools(lock: Value): Promise<ReadonlySet<string> | null> {
  const { wanted, unbound } = await readToolManifest("/x/dotnet-tools.json", reads(lock) as unknown as Host);
  return unbound.length > 0 ? null : new Set(wanted.keys());
}

function reads(lock: Value): Pick<Host, "read"> {
  return { read: async () => Buffer.from(JSON.stringify(lock)) };
}

/** One project, whose lock is written anew for each reading. */
async function npmReading(manifest: Value): Promise<Reading> {
  const folder = realpathSync(temporaryFolder());
  writeFileSync(join(folder, "package.json"), JSON.stringify(manifest));
  writeFileSync(join(folder, ".npmrc"), "registry=https://npm.example/\n");
  const host = testHost({ home: temporaryFolder() });
  const project = await npm.locate({ purpose: "check", args: [], cwd: folder }, host);
  return async (lock) => {
    writeFileSync(join(folder, "package-lock.json"), JSON.stringify(lock));
    const { value } = await npm.stages(project, { repositoryRoot: folder, registries: [] }, host).next([]);
    const { artifacts, unbound } = value as Part;
    if (unbound.length > 0) return null;
    return new Set(artifacts.map((one) => `${one.package.purl} ${one.digests.map(({ hex }) => hex).join()}`));
  };
}
