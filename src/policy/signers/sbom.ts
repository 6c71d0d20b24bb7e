import type { Attestation } from "../../model/attestation.ts";
import { compareDigests, type Digest, digestOf } from "../../model/digest.ts";
import { said } from "./said.ts";

/**
 * Whether a bill of materials lists something with a digest of the package: SPDX 2.x (`packages` and `files`, `checksums`),
 * CycloneDX (`metadata.component` and `components`, `hashes`). What it nests deeper is not looked at.
 * @param digests of each of its forms
 */
export function listsSubject({ predicate }: Attestation, digests: readonly Digest[]): boolean {
  return digestsIn(predicate).some((one) => digests.some((own) => compareDigests([one], [own]) === "same"));
}

function digestsIn(predicate: unknown): readonly Digest[] {
  const spdx = [...said.items(predicate, "packages"), ...said.items(predicate, "files")];
  const cyclonedx = [said.part(predicate, "metadata", "component"), ...said.items(predicate, "components")];
  return [
    ...spdx.flatMap((one) =>
      said
        .items(one, "checksums")
        .flatMap((sum) => digest(said.text(sum, "algorithm"), said.text(sum, "checksumValue"))),
    ),
    ...cyclonedx.flatMap((one) =>
      said.items(one, "hashes").flatMap((hash) => digest(said.text(hash, "alg"), said.text(hash, "content"))),
    ),
  ];
}

/** `SHA256` (SPDX), `SHA-256` (CycloneDX). */
function digest(algorithm = "", hex = ""): readonly Digest[] {
  const found = digestOf(algorithm.toLowerCase().replace("-", ""), hex.toLowerCase());
  return found === null ? [] : [found];
}
