import { type Digest, digestOf, type Host, type Proven } from "../../../src/plugin.ts";
import { inFile } from "../bytes/archive.ts";
import { takeFromStore } from "../bytes/obtain.ts";
import { chosenBy, RUNTIMES } from "../bytes/package.ts";
import { fileName, lower, refOf } from "../names.ts";
import { ZipFault } from "../zip.ts";
import type { RestoreTarget } from "../target.ts";
import { mkdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** Keeps which packages a restore without a lock came to, so that the next one need not fetch them to come to the same. */
export async function rememberSet({ file }: RestoreTarget, proven: readonly Proven[], host: Host): Promise<void> {
  const set = proven.map(({ artifact: { package: ref }, bytes }) => [ref.name, ref.version, sha512Of(bytes.digests)]);
  await host.cache.put(keyOf(file), Buffer.from(JSON.stringify(set)));
}

/**
 * Lays the packages of an earlier restore into the packages folder of a quarantine, as far as the store has them. What is
 * remembered decides nothing: NuGet resolves anew and takes of them what it would ask a feed for, each is hashed and taken
 * apart as if it came from there, and what is taken is judged as ever. There is nothing to build from.
 */
export async function layKnown({ file }: RestoreTarget, packages: string, host: Host): Promise<void> {
  const remembered = await host.cache.get(keyOf(file));
  const known = remembered === null ? [] : readSet(remembered);
  if (known.length === 0) return;
  const folder = await host.temporary("dotnet-known");
  for (const [at, { name, version, digest }] of known.entries()) {
    const ref = refOf(name, version);
    const nupkg = join(folder, `${at}.nupkg`);
    if (ref === null) continue;
    const taken = await takeFromStore({ package: ref, stated: [digest], locations: [] }, nupkg, host);
    if (taken === null) continue;
    const said = sayingOf(nupkg);
    if (said === null) continue;
    const place = join(packages, lower(ref.name), lower(ref.version));
    await mkdir(place, { recursive: true });
    await writeFile(join(place, `${lower(ref.name)}.nuspec`), said.nuspec);
    if (said.runtimes !== null) await writeFile(join(place, RUNTIMES), said.runtimes);
    await writeFile(join(place, `${fileName(ref)}.sha512`), base64(sha512Of(taken.rawDigests)));
    await rename(nupkg, join(place, fileName(ref)));
    // The last one that NuGet looks for (NuGet.Packaging, NupkgMetadataFile).
    const contentHash = base64(digest.hex);
    await writeFile(join(place, ".nupkg.metadata"), JSON.stringify({ version: 2, contentHash, source: null }));
  }
}

/** Null: it is left to NuGet to fetch it. */
function sayingOf(nupkg: string): ReturnType<typeof chosenBy> | null {
  try {
    return inFile(nupkg, chosenBy);
  } catch (error) {
    if (error instanceof ZipFault) return null;
    throw error;
  }
}

function keyOf(file: string): string {
  return `dotnet-set:${file}`;
}

function sha512Of(digests: readonly Digest[]): string {
  return digests.find(({ algorithm }) => algorithm === "sha512")?.hex ?? "";
}

function base64(hex: string): string {
  return Buffer.from(hex, "hex").toString("base64");
}

interface Remembered {
  readonly name: string;
  readonly version: string;
  readonly digest: Digest;
}

/** What is no set of packages is none. */
function readSet(text: Buffer): readonly Remembered[] {
  const all = parsed(text);
  return (Array.isArray(all) ? all : []).slice(0, MOST).flatMap((one: unknown) => {
    const [name, version, hex] = Array.isArray(one) ? one.map(String) : [];
    const digest = digestOf("sha512", hex ?? "");
    return name === undefined || version === undefined || digest === null ? [] : [{ name, version, digest }];
  });
}

const MOST = 20_000;

function parsed(text: Buffer): unknown {
  try {
    return JSON.parse(text.toString("utf8"));
  } catch {
    return null;
  }
}
