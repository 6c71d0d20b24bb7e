import { ArtifactError, type Bytes, type Denial, type Digest, digestOf, type PackageRef } from "../../../src/plugin.ts";
import { isFileOf, parseDistribution } from "../distribution.ts";
import { withoutSecrets } from "../report.ts";
import type { Chosen } from "../report.ts";
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readFile } from "node:fs/promises";

/** A wheel in a private file, hashed by us, that holds what index and user state. */
export interface ObtainedWheel extends Bytes {
  readonly file: string;
}

/**
 * `allowed`: hashes that the user's requirements files state for this package; one of them must hold.
 * `kind`: what may be obtained; a source distribution only to be looked at. @throws ArtifactError
 */
export async function obtainBytes(
  one: Chosen,
  allowed: readonly string[],
  kind: "wheel" | "any" = "wheel",
): Promise<ObtainedWheel> {
  const file = fileOf(one);
  refuseOtherName(one.filename, one.package, kind);
  const digests = await hash(file);
  for (const { algorithm, hex } of one.stated) {
    const found = digests.find((digest) => digest.algorithm === algorithm)?.hex ?? "";
    if (found !== hex) throw mismatch("the bytes do not hash to what the index states", algorithm, hex, found, one);
  }
  const kinds = new Set(allowed.map((text) => text.split(":")[0]));
  const ours = digests
    .filter(({ algorithm }) => kinds.has(algorithm))
    .map(({ algorithm, hex }) => `${algorithm}:${hex}`);
  if (allowed.length > 0 && !ours.some((text) => allowed.includes(text)))
    throw mismatch(
      "the bytes do not hash to what the requirements state",
      "hash",
      allowed.join(" "),
      ours.join(" "),
      one,
    );
  return { file, digests, read: () => readFile(file) };
}

/** The name by which evidence speaks of a file must be the one of the package that was resolved. */
function refuseOtherName(filename: string, ref: PackageRef, kind: "wheel" | "any"): void {
  const parsed = parseDistribution(filename);
  const found = parsed === null ? filename : `${parsed.name} ${parsed.version}`;
  const expected = `${ref.name} ${ref.version}`;
  const isOurs = isFileOf(filename, ref.name, ref.version);
  if (isOurs && (kind === "any" || parsed?.kind === "wheel")) return;
  const denial: Denial = isOurs
    ? {
        code: "SOURCE_DISTRIBUTION",
        message: "a source distribution would have to be built: that runs its code, and nothing binds what comes out",
        details: [{ name: "file", expected: "a wheel", found: filename }],
        hint: "build the wheel in your own pipeline, sign it there, and serve it from your index",
      }
    : {
        code: "PACKAGE_MISMATCH",
        message: "the file's name is not that of the package that was resolved",
        details: [{ name: "file", expected, found }],
        location: filename,
      };
  throw new ArtifactError(denial);
}

function fileOf({ fetched, url }: Chosen): string {
  if ("file" in fetched) return fetched.file;
  throw new ArtifactError({
    code: fetched.tooLarge ? "ARCHIVE_INVALID" : "ARTIFACT_UNAVAILABLE",
    message: `the package could not be fetched: ${fetched.failure}`,
    details: [],
    location: withoutSecrets(url),
    ...(fetched.absent === undefined ? {} : { absent: fetched.absent }),
  });
}

async function hash(file: string): Promise<readonly Digest[]> {
  const hashes = (["sha256", "sha384", "sha512"] as const).map((name) => [name, createHash(name)] as const);
  for await (const chunk of createReadStream(file)) for (const [, one] of hashes) one.update(chunk as Buffer);
  return hashes.map(([name, one]) => digestOf(name, one.digest("hex"))).filter((digest) => digest !== null);
}

function mismatch(message: string, name: string, expected: string, found: string, one: Chosen): ArtifactError {
  const hint = "if a lock or an index is the one that is wrong, ask its owner; never take the new hash unseen";
  return new ArtifactError({
    code: "INTEGRITY_MISMATCH",
    message,
    details: [{ name, expected, found }],
    location: withoutSecrets(one.url),
    hint,
  });
}
