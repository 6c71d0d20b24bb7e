/** A kept lock becomes a project again: the set, its edges and its folders are those of the public one. */
import { layRepository } from "../repository.ts";
import { differing, digestOf, type Entry, entryOf, type KeptLock, type Manifest } from "./kept.ts";
import type { RegistryProxy } from "./proxy.ts";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { brotliDecompressSync } from "node:zlib";

/** Files with the kept locks. */
const FOLDER = join(import.meta.dirname, "../../real/locks");

/** How many manifests are asked for at a time. */
const AT_A_TIME = 24;

export function readKept(name: string): KeptLock {
  return JSON.parse(brotliDecompressSync(readFileSync(join(FOLDER, `${name}.br`))).toString()) as KeptLock;
}

/** Writes package.json files, the lock and `.npmrc`. @throws Error where the registry gives another set than the public one */
export async function rebuild(kept: KeptLock, registry: RegistryProxy, folders: readonly string[]): Promise<void> {
  const manifests = await manifestsOf(
    kept.packages.map(([, spec]) => spec),
    registry,
  );
  const rebuilt = kept.packages.map(([place, spec, other]): [string, Entry] => [
    place,
    differing(entryOf(manifests.get(spec) ?? {}, place), other),
  ]);
  const entries = { ...Object.fromEntries(rebuilt), ...kept.others };
  if (digestOf(entries) !== kept.digest)
    throw new Error("the registry's manifests give another set than the public lock");
  const addresses = new Map(kept.packages.map(([place, spec]) => [place, addressOf(manifests.get(spec))]));
  for (const folder of folders) lay(folder, kept, entries, addresses, registry.url);
}

/** Of `NAME@VERSION`, as far as the registry has them. */
export async function manifestsOf(
  wanted: readonly string[],
  registry: RegistryProxy,
): Promise<ReadonlyMap<string, Manifest>> {
  const specs = [...new Set(wanted)];
  const found = new Map<string, Manifest>();
  const next = async (): Promise<void> => {
    for (let spec = specs.pop(); spec !== undefined; spec = specs.pop()) {
      const manifest = await manifestOf(spec, registry);
      if (manifest !== null) found.set(spec, manifest);
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, next));
  return found;
}

/** One version's, as the registry answers for `NAME/VERSION`. */
async function manifestOf(spec: string, registry: RegistryProxy): Promise<Manifest | null> {
  const at = spec.lastIndexOf("@");
  const text = await registry.text(`/${spec.slice(0, at).replace("/", "%2f")}/${spec.slice(at + 1)}`);
  return text === null ? null : (JSON.parse(text) as Manifest);
}

function addressOf(manifest: Manifest | undefined): unknown {
  return (manifest?.["dist"] as { readonly tarball?: string } | undefined)?.tarball;
}

function lay(
  folder: string,
  { file, lockfileVersion, manifests, npmrc }: KeptLock,
  entries: Readonly<Record<string, Entry>>,
  addresses: ReadonlyMap<string, unknown>,
  url: string,
): void {
  const packages = Object.fromEntries(
    Object.entries(entries).map(([place, { unaddressed, ...entry }]) => {
      const resolved = unaddressed === true || entry["inBundle"] === true ? undefined : addresses.get(place);
      return [place, resolved === undefined ? entry : { resolved, ...entry }];
    }),
  );
  const lock = { lockfileVersion, requires: true, packages };
  layRepository(folder);
  write(join(folder, file), `${JSON.stringify(lock, null, 2)}\n`);
  for (const [place, manifest] of Object.entries(manifests))
    write(join(folder, place, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`);
  write(join(folder, ".npmrc"), `${[`registry=${url}`, ...npmrc].join("\n")}\n`);
}

function write(file: string, content: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
}
