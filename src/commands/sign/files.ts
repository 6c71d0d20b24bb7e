import { ArtifactError } from "../../errors.ts";
import type { ClosableHost } from "../../io/host.ts";
import { LIMITS } from "../../limits.ts";
import type { BuiltPackage } from "../../model/built.ts";
import { builderOf } from "../../plugins.ts";
import { digestsOfBytes } from "../../sign/sign.ts";
import { required } from "../verify/required.ts";
import { keepCopy, readBounded } from "../../io/files.ts";
import type { Digest } from "../../model/digest.ts";
import { basename, join, resolve } from "node:path";

/** A file that is to be signed, and what it is. */
export interface FileRead {
  /** As it was typed. */
  readonly file: string;
  readonly bytes: Buffer;
  readonly digests: readonly Digest[];
  /** null: no package of a kind that is known, or none that can be read as one. */
  readonly built: BuiltPackage | null;
}

/** Reads each file once; what is signed is what was read. @throws SafeInstallError FILE_MISSING */
export async function readFiles(
  files: readonly string[],
  cwd: string,
  host: ClosableHost,
): Promise<readonly FileRead[]> {
  const io = { cwd, host: { read: readBounded, now: () => host.now() } };
  const folder = await host.temporary("signing");
  const read: FileRead[] = [];
  for (const [at, file] of files.entries()) {
    const bytes = await required(file, LIMITS.artifactBytes, io);
    const [path, copy] = [resolve(cwd, file), join(folder, String(at))];
    const digests = digestsOfBytes(bytes);
    read.push({ file, bytes, digests, built: await builtFrom({ path, bytes, digests }, copy) });
  }
  return read;
}

interface ReadOnce {
  /** For its name. */
  readonly path: string;
  readonly bytes: Buffer;
  readonly digests: readonly Digest[];
}

/** By its own metadata, from a copy of the very bytes that were read: what lies under the name may be another file by now. */
async function builtFrom({ path, bytes, digests }: ReadOnce, copy: string): Promise<BuiltPackage | null> {
  const name = basename(path);
  const builder = builderOf(name);
  if (builder === null) return null;
  await keepCopy(copy, bytes);
  try {
    return await (
      await builder.load()
    )({ name, location: path, file: copy, digests });
  } catch (error) {
    if (error instanceof ArtifactError) return null;
    throw error;
  }
}
