import { fileName, packageKey } from "../names.ts";
import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import type { Laid } from "./lay.ts";
import { compareLaid, compareUnpacked } from "./unpacked.ts";
import { dirname, join } from "node:path";
import { type Proven, SafeInstallError } from "../../../src/plugin.ts";

/**
 * How the packages in a packages folder differ from the proven set, by the packages' own bytes and file by file: also those that
 * no assets file gives a hash for (`PackageDownload`, targeting and runtime packs). Empty: they do not.
 * @param laid those that were not unpacked by NuGet
 */
export async function comparePackages(
  folder: string,
  proven: ReadonlyMap<string, string>,
  laid: Laid = new Map(),
): Promise<readonly string[]> {
  const differences: string[] = [];
  for (const id of await foldersIn(folder)) {
    for (const version of await foldersIn(join(folder, id))) {
      const file = join(folder, id, version, fileName({ name: id, version }));
      const nupkg = await readFile(file).catch(() => null);
      if (nupkg === null || sha512(nupkg) !== proven.get(`${id}/${version}`))
        differences.push(`${id} ${version} was unpacked from other bytes`);
      else {
        const own = laid.get(`${id}/${version}`);
        const found = own === undefined ? await compareUnpacked(dirname(file), nupkg) : compareLaid(dirname(file), own);
        for (const one of found) differences.push(`${id} ${version}: ${one}`);
      }
    }
  }
  return differences;
}

/** @throws SafeInstallError INSTALLED_MISMATCH the folder of packages holds something else than what was proven */
export async function requireFrom(folder: string, proven: readonly Proven[]): Promise<void> {
  const differences = await comparePackages(folder, hashesOf(proven));
  if (differences.length === 0) return;
  const message = `what dotnet took was not proven: ${differences.join("; ")}`;
  throw new SafeInstallError("unbound", "INSTALLED_MISMATCH", message);
}

async function foldersIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  return entries.filter((entry) => !entry.isFile()).map(({ name }) => name);
}

function sha512(bytes: Buffer): string {
  return createHash("sha512").update(bytes).digest("hex");
}

/** By `packageKey`, the SHA-512 of what was proven, as hex: NuGet's contentHash. */
export function hashesOf(proven: readonly Proven[]): ReadonlyMap<string, string> {
  return new Map(proven.map(({ artifact, bytes }) => [packageKey(artifact.package), sha512Of(bytes.digests)]));
}

function sha512Of(digests: Proven["bytes"]["digests"]): string {
  return digests.find(({ algorithm }) => algorithm === "sha512")?.hex ?? "";
}
